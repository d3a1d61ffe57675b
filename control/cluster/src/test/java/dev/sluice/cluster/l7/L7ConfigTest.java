package dev.sluice.cluster.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.Bundle;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.route.Action;
import dev.sluice.cluster.l7.route.Condition;
import dev.sluice.cluster.l7.route.FieldChanges;
import dev.sluice.cluster.l7.route.Hedging;
import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.cluster.l7.route.Match;
import dev.sluice.cluster.l7.route.Mirroring;
import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.RateLimit;
import dev.sluice.cluster.l7.route.Repeats;
import dev.sluice.cluster.l7.route.RequestKey;
import dev.sluice.cluster.l7.route.Rewrite;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.cluster.l7.route.Split;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

final class L7ConfigTest {
    static final String MINIMAL =
            """
            listeners:
              - name: web
                addresses: ["198.18.0.1:80"]
            """;

    static final String EVERYTHING =
            """
            identifyProxy: true
            trustedPeers: [198.18.0.0/16]
            buffers: {memory: 8MiB, file: 1GiB}
            overload: {connections: 200ms, requests: 400ms}
            accessLog: {file: /var/log/sluice/access.log, format: line}
            beginTraces: true
            tracing: {collector: "http://198.18.9.9:4318/v1/traces", sample: 2.5%}
            listeners:
              - name: secure
                addresses: ["198.18.0.1:443", "[2001:db8::1]:443"]
                tls:
                  minVersion: 1.3
                  certificates:
                    - certificate: /etc/sluice/a.crt
                      key: /etc/sluice/a.key
                versions: [h1, h2]
                timeouts:
                  {clientHeader: 5s, idle: 2m, body: 30s, tunnel: 2h, connectionAge: 6h}
                rates: {request: 100B, response: 0B, window: 5s}
                http2: {streams: 10, window: 32KiB, resets: 50}
                targets: {encodedSlash: keep, otherHost: refuse}
                limits:
                  {header: 8KiB, fields: 50, target: 1KiB, body: 10MiB, connections: 9}
            routes:
              - host: WWW.example.org
                path: /api/
                upstream: app
                requestTimeout: 3s
                buffer: {memory: 8KiB, file: 1MiB, beyond: stream}
                limits: {body: 2MiB}
                retries: {allowed: true, perTryTimeout: 2s, statuses: [502, 503]}
                rateLimit: {requests: 50, per: 1m, burst: 10, by: client, buckets: 500}
                hedge: {after: 50ms}
                mirror:
                  upstream: app
                  percent: 5
                  concurrent: 7
                  body: 1KiB
                  timeout: 3s
                  host: shadow.internal
                  request: {set: {X-Mirrored: "1"}}
              - {host: "*.example.org", upstream: app}
            upstreams:
              - name: app
                endpoints: ["198.18.3.1:8080", {address: "198.18.3.2:8080", weight: 0, zone: b}]
                zones: {headroom: 200}
                sticky: {cookie: SRV, secret: /etc/sluice/sticky}
                balance: ring-hash
                hashBy: header X-User
                slowStart: 0s
                panic: 30
                ejection: {failures: 7, time: 20s, longest: 2m, sweep: 5s, share: 25}
                check:
                  path: /healthz
                  host: app.internal
                  port: 9000
                  interval: 1s
                  timeout: 500ms
                  rise: 4
                  fall: 2
                version: h2
                tls:
                  trust: /etc/sluice/ca.crt
                  name: app.internal
                  client: {certificate: /etc/sluice/b.crt, key: /etc/sluice/b.key}
                proxyProtocol: v2
                connectTimeout: 200ms
                responseTimeout: 5s
                keepAlive: {connections: 4, idle: 7s}
                retries: {percent: 50, least: 0, most: 9, perTryTimeout: 1s}
                maxRequests: 3
                limits: {requests: 5, connections: 4, queue: 6, queueTimeout: 7s}
            """;

    @Test
    void everyNumberHasADefault() {
        L7Config config =
                parse(
                        MINIMAL
                                + """
                                upstreams: [{name: app, endpoints: ["198.18.3.1:8080"]}]
                                routes: [{upstream: app}]
                                """);
        assertThat(config)
                .isEqualTo(
                        new L7Config(
                                false,
                                List.of(),
                                new L7Config.Buffers(256L << 20, 4L << 30),
                                new Overload(Duration.ofMillis(500), Duration.ofSeconds(1)),
                                new Telemetry(Optional.empty(), false, Optional.empty()),
                                List.of(
                                        new Listener(
                                                "web",
                                                List.of(HostPort.parse("198.18.0.1:80")),
                                                Optional.empty(),
                                                List.of(HttpVersion.H1),
                                                new Listener.Timeouts(
                                                        Duration.ofSeconds(10),
                                                        Duration.ofSeconds(60),
                                                        Duration.ofSeconds(60),
                                                        Duration.ofHours(1),
                                                        Optional.empty()),
                                                new Listener.Rates(
                                                        240, 240, Duration.ofSeconds(10)),
                                                new Listener.Limits(
                                                        16384, 100, 8192, Optional.empty(), 10_000),
                                                new Listener.Http2(100, 65_536, 200),
                                                Targets.DEFAULT,
                                                ProxyProtocol.NONE)),
                                List.of(
                                        Route.plain(
                                                "", match(new HostPattern.Any(), "/"), toApp())),
                                List.of(
                                        new Upstream(
                                                "app",
                                                List.of(
                                                        new EndpointSpec(
                                                                HostPort.parse("198.18.3.1:8080"))),
                                                new Balancing(
                                                        Balancing.Method.LEAST_REQUEST,
                                                        Duration.ofSeconds(10),
                                                        50,
                                                        new RequestKey.Client()),
                                                new Ejection(
                                                        5,
                                                        Duration.ofSeconds(30),
                                                        Duration.ofSeconds(300),
                                                        Duration.ofSeconds(10),
                                                        10),
                                                new Zones(140),
                                                Optional.empty(),
                                                Optional.empty(),
                                                UpstreamVersion.H1,
                                                Optional.empty(),
                                                Optional.empty(),
                                                Duration.ofSeconds(1),
                                                Duration.ofSeconds(60),
                                                new Upstream.KeepAlive(32, Duration.ofSeconds(30)),
                                                new Upstream.Retries(
                                                        20, 3, 1_000, Optional.empty()),
                                                10_000,
                                                Optional.empty(),
                                                Optional.empty()))));
    }

    @Test
    void everyKeyIsRead() {
        L7Config config = parse(EVERYTHING);
        assertThat(config.identifyProxy()).isTrue();
        assertThat(config.trustedPeers()).containsExactly(AddressBlock.parse("198.18.0.0/16"));
        Listener listener = config.listeners().getFirst();
        assertThat(listener.tls())
                .contains(
                        new Tls(
                                List.of(
                                        new Tls.Certificate(
                                                new Tls.KeyPair(
                                                        "/etc/sluice/a.crt", "/etc/sluice/a.key"),
                                                Optional.empty(),
                                                Optional.empty())),
                                Tls.Version.V1_3,
                                Tls.UnknownName.FIRST,
                                Tls.OtherNames.SAME_TERMS,
                                Optional.empty(),
                                Optional.empty()));
        assertThat(listener.timeouts())
                .isEqualTo(
                        new Listener.Timeouts(
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(30),
                                Duration.ofHours(2),
                                Optional.of(Duration.ofHours(6))));
        assertThat(listener.rates()).isEqualTo(new Listener.Rates(100, 0, Duration.ofSeconds(5)));
        assertThat(listener.versions()).containsExactly(HttpVersion.H1, HttpVersion.H2);
        assertThat(listener.http2()).isEqualTo(new Listener.Http2(10, 32 << 10, 50));
        assertThat(listener.targets())
                .isEqualTo(new Targets(Targets.EncodedSlash.KEEP, Targets.OtherHost.REFUSE));
        assertThat(listener.limits())
                .isEqualTo(new Listener.Limits(8192, 50, 1024, Optional.of(10L << 20), 9));
        assertThat(config.routes())
                .containsExactly(
                        new Route(
                                "",
                                match(new HostPattern.Exact("www.example.org"), "/api"),
                                toApp(),
                                Optional.of(Duration.ofSeconds(3)),
                                Optional.of(
                                        new Route.Buffer(8 << 10, 1 << 20, Route.Beyond.STREAM)),
                                Optional.of(2L << 20),
                                new Repeats(
                                        true, Optional.of(Duration.ofSeconds(2)), Set.of(502, 503)),
                                Optional.of(
                                        new RateLimit(
                                                50,
                                                Duration.ofMinutes(1),
                                                10,
                                                Optional.of(new RequestKey.Client()),
                                                500)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(
                                        new Mirroring(
                                                "app",
                                                5,
                                                7,
                                                1 << 10,
                                                Duration.ofSeconds(3),
                                                Optional.of("shadow.internal"),
                                                new FieldChanges(
                                                        List.of(),
                                                        Map.of("x-mirrored", "1"),
                                                        Map.of()))),
                                Optional.of(new Hedging(Duration.ofMillis(50)))),
                        Route.plain(
                                "", match(new HostPattern.Below(".example.org"), "/"), toApp()));
        assertThat(config.buffers()).isEqualTo(new L7Config.Buffers(8 << 20, 1 << 30));
        assertThat(config.overload())
                .isEqualTo(new Overload(Duration.ofMillis(200), Duration.ofMillis(400)));
    }

    @Test
    void checksOfOtherKindsAreRead() {
        assertThat(check("{kind: tcp}").map(HealthCheck::probe)).contains(new HealthCheck.Tcp());
        assertThat(check("{kind: grpc, service: shop.v1.Cart}").map(HealthCheck::probe))
                .contains(new HealthCheck.Grpc("shop.v1.Cart"));
        assertThat(check("{}"))
                .contains(
                        new HealthCheck(
                                new HealthCheck.Http("/", Optional.empty()),
                                Optional.empty(),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(2),
                                2,
                                3));
    }

    private static Optional<HealthCheck> check(String check) {
        return parse(MINIMAL + "upstreams: [{name: app, version: h2, check: " + check + "}]\n")
                .upstreams()
                .getFirst()
                .check();
    }

    @Test
    void whatIsSpokenIsAgreedUponInTlsAlone() {
        assertThat(problems(MINIMAL + "upstreams: [{name: app, version: auto}]\n"))
                .singleElement()
                .asString()
                .contains("upstreams[0].version: 'auto' is agreed upon in TLS, which is missing")
                .contains("allowed: h1, h2; or add a section tls");
    }

    @Test
    void aCheckOfGrpcNeedsHttp2() {
        assertThat(problems(MINIMAL + "upstreams: [{name: app, check: {kind: grpc}}]\n"))
                .singleElement()
                .asString()
                .contains("upstreams[0].check: is of gRPC, which goes over HTTP/2")
                .contains("add version: h2");
    }

    @Test
    void everyKeyOfAnUpstreamIsRead() {
        assertThat(parse(EVERYTHING).upstreams())
                .containsExactly(
                        new Upstream(
                                "app",
                                List.of(
                                        new EndpointSpec(HostPort.parse("198.18.3.1:8080")),
                                        new EndpointSpec(
                                                HostPort.parse("198.18.3.2:8080"), 0, "b")),
                                new Balancing(
                                        Balancing.Method.RING_HASH,
                                        Duration.ZERO,
                                        30,
                                        new RequestKey.Carried(Condition.Source.HEADER, "x-user")),
                                new Ejection(
                                        7,
                                        Duration.ofSeconds(20),
                                        Duration.ofMinutes(2),
                                        Duration.ofSeconds(5),
                                        25),
                                new Zones(200),
                                Optional.of(
                                        new HealthCheck(
                                                new HealthCheck.Http(
                                                        "/healthz", Optional.of("app.internal")),
                                                Optional.of(9000),
                                                Duration.ofSeconds(1),
                                                Duration.ofMillis(500),
                                                4,
                                                2)),
                                Optional.of(new Stickiness("SRV", "/etc/sluice/sticky")),
                                UpstreamVersion.H2,
                                Optional.of(
                                        new UpstreamTls(
                                                "/etc/sluice/ca.crt",
                                                "app.internal",
                                                Optional.of(
                                                        new Tls.KeyPair(
                                                                "/etc/sluice/b.crt",
                                                                "/etc/sluice/b.key")))),
                                Optional.of(ProxyProtocol.Version.V2),
                                Duration.ofMillis(200),
                                Duration.ofSeconds(5),
                                new Upstream.KeepAlive(4, Duration.ofSeconds(7)),
                                new Upstream.Retries(50, 0, 9, Optional.of(Duration.ofSeconds(1))),
                                3,
                                Optional.of(
                                        new EndpointLimits(
                                                Optional.of(5),
                                                Optional.of(4),
                                                6,
                                                Duration.ofSeconds(7))),
                                Optional.empty()));
    }

    @Test
    void whatDoesNotFitTogetherIsReportedAtOnce() {
        assertThat(
                        problems(
                                """
                                listeners:
                                  - name: web
                                    addresses: ["198.18.0.1:80"]
                                  - name: web
                                    addresses: ["198.18.0.1:80"]
                                routes:
                                  - {host: a.example.org, path: /x, upstream: apq}
                                  - {host: A.example.org, path: /x/, upstream: app}
                                upstreams:
                                  - name: app
                                    endpoints: ["198.18.3.1:80", "198.18.3.1:80", "web:80"]
                                  - name: app
                                """))
                .containsExactly(
                        "l7.yaml:4:11: listeners[1].name: 'web' is there twice; first at l7.yaml:2:11; give it another"
                                + " name",
                        "l7.yaml:5:17: listeners[1].addresses[0]: '198.18.0.1:80' is listened on"
                                + " twice; allowed: one listener each; first at"
                                + " l7.yaml:3:16",
                        "l7.yaml:7:47: routes[0].upstream: 'apq' is not allowed; allowed: app;"
                                + " did you mean 'app'?",
                        "l7.yaml:8:5: routes[1]: never matches: it is for the same requests"
                                + " as routes[0]; remove one of them",
                        "l7.yaml:11:34: upstreams[0].endpoints[1]: '198.18.3.1:80' is listed"
                                + " twice",
                        "l7.yaml:11:51: upstreams[0].endpoints[2]: 'web:80' is not valid;"
                                + " allowed: IP:port, e.g. 198.18.0.1:80 or [2001:db8::1]:80",
                        "l7.yaml:12:11: upstreams[1].name: 'app' is there twice; first at l7.yaml:10:11; give it another"
                                + " name");
    }

    @Test
    void tlsFailsClosed() {
        String tls = MINIMAL + "    tls:\n";
        assertThat(problems(tls))
                .containsExactly(
                        "l7.yaml:4:9: listeners[0].tls: has no value; remove the key or set it");
        assertThat(problems(tls + "      {}\n"))
                .containsExactly("l7.yaml:5:7: listeners[0].tls.certificates: is missing");
        assertThat(problems(tls + "      minVersion: 1.1\n      certificates: []\n"))
                .containsExactly(
                        "l7.yaml:5:19: listeners[0].tls.minVersion: '1.1' is not allowed;"
                                + " allowed: 1.2, 1.3; did you mean '1.2'?",
                        "l7.yaml:6:21: listeners[0].tls.certificates: is an empty list; give it"
                                + " at least one element");
        assertThat(problems(tls + "      certificates: [{certificate: a.crt, key: /a.key}]\n"))
                .containsExactly(
                        "l7.yaml:5:36: listeners[0].tls.certificates[0].certificate: 'a.crt' is"
                                + " not an absolute path; allowed: /…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"101%", "5", "-1%", "1e1%", "%"})
    void aSampleIsAPercentage(String sample) {
        assertThat(
                        L7Config.parse(
                                        "l7.yaml",
                                        MINIMAL
                                                + "tracing: {collector: \"http://a:4318/\", sample: \""
                                                + sample
                                                + "\"}\n")
                                .problems())
                .singleElement()
                .asString()
                .contains("tracing.sample", "a percentage from 0% to 100%");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:4318", "ftp://a/", "http:///x", "a b"})
    void aCollectorIsAUrl(String url) {
        assertThat(
                        L7Config.parse(
                                        "l7.yaml",
                                        MINIMAL + "tracing: {collector: \"" + url + "\"}\n")
                                .problems())
                .singleElement()
                .asString()
                .contains("tracing.collector", "the URL of a collector");
    }

    @Test
    void requestsAreNotRefusedBeforeConnections() {
        assertThat(
                        L7Config.parse(
                                        "l7.yaml",
                                        MINIMAL + "overload: {connections: 2s, requests: 1s}\n")
                                .problems())
                .singleElement()
                .asString()
                .contains("overload.requests", "is less than 'connections'", "2000ms or more");
    }

    @Test
    void aConfigurationWithoutListenersIsAMistake() {
        assertThat(problems("routes: []")).containsExactly("l7.yaml:1:1: listeners: is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api", "", "//", "/a//b", "/a/../b", "/..", "/.", "/a%2fb", "/a?b", "/a#b", "/a b"
            })
    void aPathPrefixIsInTheFormThatRequestsAreRoutedOn(String path) {
        assertThat(problems(withRoute("path: \"" + path + "\""))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.example.org:80",
                "a b",
                "*.*.org",
                "*x.org",
                "",
                ".org",
                "*.",
                "http://a"
            })
    void aHostIsANameWithoutPort(String host) {
        assertThat(problems(withRoute("host: \"" + host + "\""))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b/", "/.well-known", "/a..b", "/~user", "/a;b=c"})
    void ordinaryPathsAreAllowed(String path) {
        assertThat(problems(withRoute("path: " + path))).isEmpty();
    }

    private static Match match(HostPattern host, String prefix) {
        return new Match(0, host, new PathMatch.Prefix(prefix), List.of());
    }

    private static Action toApp() {
        return new Action.Forward(Split.only("app"), Rewrite.NONE);
    }

    private static String withRoute(String match) {
        return MINIMAL
                + "upstreams: [{name: app, endpoints: []}]\n"
                + "routes:\n  - upstream: app\n    "
                + match
                + "\n";
    }

    private static L7Config parse(String text) {
        return L7Config.parse("l7.yaml", text).orElseThrow();
    }

    private static List<String> problems(String text) {
        return L7Config.parse("l7.yaml", text).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void inAFolderEveryProblemNamesItsFile() {
        SequencedMap<String, String> files = new LinkedHashMap<>();
        files.put("a.yaml", MINIMAL + "upstreams: [{name: app}]\nbeginTraces: true\n");
        files.put(
                "b.yaml",
                """
                beginTraces: false
                upstreams: [{name: app}]
                listeners: [{name: web, addresses: ["198.18.0.1:80"]}]
                routes:
                  - {name: x, host: a.org, redirect: {host: b.org}}
                  - {name: y, upstream: appp}
                """);
        files.put(
                "c.yaml",
                """
                routes:
                  - {name: x, upstream: app}
                  - {host: b.org, redirect: {host: a.org}}
                  - {upstream: app, oops: 1}
                """);
        String never =
                ": never matches: it is for the same requests as routes[1] (y) at"
                        + " site/b.yaml:6:5; remove one of them";
        assertThat(L7Config.parse("site", Bundle.join(files)).problems())
                .map(Problem::toString)
                .satisfiesExactly(
                        one ->
                                is(
                                        one,
                                        "site/b.yaml:1:1: beginTraces: is there twice; first at site/a.yaml:5:1"),
                        one ->
                                is(
                                        one,
                                        "site/b.yaml:2:20: upstreams[1].name: 'app' is there twice; first at site/a.yaml:4:20; give it another name"),
                        one ->
                                is(
                                        one,
                                        "site/b.yaml:3:20: listeners[1].name: 'web' is there twice; first at site/a.yaml:2:11; give it another name"),
                        one ->
                                is(
                                        one,
                                        "site/b.yaml:3:37: listeners[1].addresses[0]: '198.18.0.1:80' is listened on twice; allowed: one listener each; first at site/a.yaml:3:16"),
                        one ->
                                assertThat(one)
                                        .startsWith(
                                                "site/b.yaml:5:38: routes[0].redirect: sends its"
                                                        + " clients round in a circle with"
                                                        + " routes[3] at site/c.yaml:3:5;"),
                        one ->
                                is(
                                        one,
                                        "site/b.yaml:6:25: routes[1].upstream: 'appp' is not allowed; allowed: app; did you mean 'app'?"),
                        one -> is(one, "site/c.yaml:2:5: routes[2]" + never),
                        one ->
                                is(
                                        one,
                                        "site/c.yaml:2:12: routes[2].name: 'x' is there twice; first at site/b.yaml:5:12; give it another name"),
                        one -> is(one, "site/c.yaml:4:5: routes[4]" + never),
                        one ->
                                assertThat(one)
                                        .startsWith(
                                                "site/c.yaml:4:21: routes[4].oops: unknown key; allowed: "));
    }

    private static void is(String actual, String expected) {
        assertThat(actual).isEqualTo(expected);
    }
}
