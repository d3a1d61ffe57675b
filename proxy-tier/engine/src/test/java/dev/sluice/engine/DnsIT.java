package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.upstream.UpstreamStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Endpoints that DNS names. */
final class DnsIT {
    private static String yaml(Bench bench, NameServer dns, String more) {
        return bench.listener("")
                + "upstreams:\n  - name: app\n    slowStart: 0s\n    balance: round-robin\n"
                + "    dns: {name: app.internal, servers: ['%s'], minTtl: 100ms, %s}\n"
                        .formatted(dns.address(), more)
                + "routes: [{upstream: app}]\n";
    }

    private static UpstreamStatus app(Bench bench) {
        return bench.engine.upstreams().getFirst();
    }

    private static List<HostPort> endpoints(Bench bench) {
        return app(bench).endpoints().stream().map(EndpointStatus::address).toList();
    }

    private static void awaitEndpoints(Bench bench, int count) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> endpoints(bench).size() == count);
    }

    /** On both transports; the configuration is live only once they are known. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void aNameIsLookedUpBeforeItsUpstreamIsUsed(Transport transport) {
        org.junit.jupiter.api.Assumptions.assumeTrue(transport.isAvailable(), transport.name());
        try (NameServer dns = new NameServer();
                Server server = Server.saying("found");
                Bench bench = new Bench(new EngineOptions("proxy", transport, 1))) {
            dns.set("app.internal", NameServer.a(300, 127, 0, 0, 1));
            bench.apply(yaml(bench, dns, "port: " + server.port()));
            assertThat(bench.get("/").text()).isEqualTo("found");
            assertThat(app(bench).trouble()).isEmpty();
        }
    }

    @Test
    void endpointsComeAndGoAndWhatIsKnownOfTheOthersStays() {
        CountDownLatch go = new CountDownLatch(1);
        try (NameServer dns = new NameServer();
                Server slow =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            go.await();
                            wire.send(Server.ok("slow"));
                        });
                Server quick = Server.saying("quick");
                Bench bench = new Bench()) {
            dns.set("host.internal", NameServer.a(0, 127, 0, 0, 1));
            dns.set("app.internal", NameServer.srv(0, slow.port(), "host.internal"));
            bench.apply(yaml(bench, dns, "records: srv"));
            try (Wire wire = bench.connect()) {
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                await().atMost(60, TimeUnit.SECONDS).until(() -> slow.requests.size() == 1);
                dns.set(
                        "app.internal",
                        NameServer.srv(0, slow.port(), "host.internal"),
                        NameServer.srv(0, quick.port(), "host.internal"));
                awaitEndpoints(bench, 2);
                assertThat(app(bench).endpoints())
                        .filteredOn(one -> one.address().port() == slow.port())
                        .extracting(EndpointStatus::inFlight)
                        .containsExactly(1);
                dns.set("app.internal", NameServer.srv(0, quick.port(), "host.internal"));
                awaitEndpoints(bench, 1);
                assertThat(bench.get("/").text()).isEqualTo("quick");
                go.countDown();
                assertThat(wire.readResponse().text()).isEqualTo("slow");
            }
        }
    }

    @Test
    void failuresKeepTheLastGoodEndpointsAndSaySo() {
        try (NameServer dns = new NameServer();
                Server server = Server.saying("still there");
                Bench bench = new Bench()) {
            dns.set("app.internal", NameServer.a(0, 127, 0, 0, 1));
            bench.apply(yaml(bench, dns, "maxTtl: 100ms, port: " + server.port()));
            dns.failing = true;
            awaitTrouble(bench, "ServFail");
            assertThat(app(bench).trouble()).endsWith("; the last 1 stay");
            assertThat(bench.get("/").text()).isEqualTo("still there");
            dns.failing = false;
            dns.set("app.internal");
            awaitTrouble(bench, "dns app.internal: app.internal does not exist (NXDOMAIN)");
            assertThat(bench.get("/").text()).isEqualTo("still there");
            dns.set("app.internal", NameServer.a(0, 127, 0, 0, 1));
            await().atMost(60, TimeUnit.SECONDS).until(() -> app(bench).trouble().isEmpty());
        }
    }

    private static void awaitTrouble(Bench bench, String what) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> app(bench).trouble().contains(what));
    }

    @Test
    void aNameThatDoesNotResolveIsNoReasonToRefuseTheConfiguration() {
        try (NameServer dns = new NameServer();
                Server server = Server.saying("at last");
                Bench bench = new Bench()) {
            bench.apply(yaml(bench, dns, "port: " + server.port()));
            assertThat(bench.get("/").field("sluice-reason")).contains("no-endpoint");
            assertThat(app(bench).trouble()).endsWith("; none was ever found");
            dns.set("app.internal", NameServer.a(300, 127, 0, 0, 1));
            awaitEndpoints(bench, 1);
            assertThat(bench.get("/").text()).isEqualTo("at last");
        }
    }

    @Test
    void anAnswerThatIsCutShortIsReadByTcp() {
        try (NameServer dns = new NameServer();
                Bench bench = new Bench()) {
            dns.set(
                    "app.internal",
                    IntStream.range(1, 101)
                            .mapToObj(i -> NameServer.a(300, 127, 0, 1, i))
                            .toArray(NameServer.Data[]::new));
            bench.apply(yaml(bench, dns, "port: 80"));
            awaitEndpoints(bench, 100);
            assertThat(dns.byTcp).hasPositiveValue();
        }
    }

    private static List<String> warnings(Bench bench, String yaml) {
        L7Config config = L7Config.parse("test.yaml", yaml).orElseThrow();
        assertThat(bench.engine.attempt("test.yaml", config)).isEmpty();
        return bench.engine.warnings("test.yaml", config).stream().map(Problem::toString).toList();
    }

    @Test
    void aNameThatDoesNotExistIsAWarningUntilItDoes() {
        try (NameServer dns = new NameServer();
                Bench bench = new Bench()) {
            String yaml = yaml(bench, dns, "port: 80");
            assertThat(warnings(bench, yaml))
                    .singleElement()
                    .asString()
                    .startsWith("test.yaml: upstreams[0].dns.name: dns app.internal: ")
                    .contains("app.internal does not exist (NXDOMAIN)");
            dns.set("app.internal", NameServer.a(300, 127, 0, 0, 1));
            assertThat(warnings(bench, yaml)).isEmpty();
        }
    }

    /** A trial ends though a server of names never answers. */
    @Test
    void aNameThatNobodyAnswersAboutIsAWarning() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                NameServer dns = new NameServer();
                Bench bench = new Bench()) {
            String yaml = yaml(bench, dns, "port: 80");
            assertThat(
                            warnings(
                                    bench,
                                    yaml.replace(
                                            dns.address().toString(),
                                            "127.0.0.1:" + silent.getLocalPort())))
                    .singleElement()
                    .asString()
                    .contains("no answer yet");
        }
    }

    @Test
    void anAliasIsFollowed() {
        try (NameServer dns = new NameServer();
                Server server = Server.saying("found");
                Bench bench = new Bench()) {
            dns.set("app.internal", NameServer.alias(300, "host.internal"));
            dns.set("host.internal", NameServer.a(300, 127, 0, 0, 1));
            bench.apply(yaml(bench, dns, "port: " + server.port()));
            assertThat(bench.get("/").text()).isEqualTo("found");
        }
    }

    @Test
    void anUnrelatedChangeAsksNobodyAnew() {
        try (NameServer dns = new NameServer();
                Server server = Server.saying("found");
                Bench bench = new Bench()) {
            dns.set("app.internal", NameServer.a(300, 127, 0, 0, 1));
            String yaml = yaml(bench, dns, "port: " + server.port());
            bench.apply(yaml);
            int asked = dns.questions.get();
            bench.apply(yaml.replace("round-robin", "peak-ewma"));
            assertThat(bench.get("/").text()).isEqualTo("found");
            assertThat(dns.questions).hasValue(asked);
        }
    }
}
