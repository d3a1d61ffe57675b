package dev.sluice.cluster.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class UpstreamTest {

    static Upstream upstream(String keys) {
        return L7Config.parse("l7.yaml", yaml(keys)).orElseThrow().upstreams().getFirst();
    }

    static List<String> problems(String keys) {
        return switch (L7Config.parse("l7.yaml", yaml(keys))) {
            case Parsed.Valid<L7Config> _ -> List.of();
            case Parsed.Invalid<L7Config> invalid ->
                    invalid.problems().stream().map(Problem::toString).toList();
        };
    }

    private static String yaml(String keys) {
        return "listeners: [{name: web, addresses: ['198.18.0.1:80']}]\nupstreams: [{name: app, "
                + keys
                + "}]\n";
    }

    @Test
    void anEjectionIsNotLongerThanTheLongest() {
        assertThat(problems("ejection: {time: 10m}"))
                .containsExactly(
                        "l7.yaml:2:42: upstreams[0].ejection.time: '10m' makes time, 600s, more"
                                + " than longest, 300s; change one of them");
        assertThat(problems("ejection: {longest: 500ms}"))
                .singleElement()
                .asString()
                .contains("ejection.longest: '500ms' makes time, 30s, more than longest, 500ms");
        assertThat(problems("ejection: {time: 5m}")).isEmpty();
    }

    @Test
    void whatIsHashedNeedsARing() {
        assertThat(problems("hashBy: cookie user"))
                .singleElement()
                .asString()
                .contains("hashBy: 'cookie user' is of no use with this balance; add balance");
        assertThat(problems("balance: ring-hash, hashBy: cookie user")).isEmpty();
    }

    @Test
    void theSumOfWeightsHasABound() {
        assertThat(problems("endpoints: [" + heavy(10_001) + "]"))
                .singleElement()
                .asString()
                .contains(
                        "endpoints: have weights of 10001000 together; allowed: 10000000 at most");
        assertThat(problems("endpoints: [" + heavy(10_000) + "]")).isEmpty();
    }

    private static String heavy(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        "{address: '198.18.%d.%d:80', weight: 1000}".formatted(i / 256, i % 256))
                .collect(Collectors.joining(", "));
    }

    @Test
    void lookupsAreRead() {
        assertThat(upstream("dns: {name: app.internal, port: 80}").discovery())
                .contains(
                        new Discovery.Dns(
                                "app.internal",
                                Discovery.Records.A,
                                80,
                                List.of(),
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(5)));
        assertThat(
                        upstream(
                                        "dns: {name: _http._tcp.app, records: srv, minTtl: 2s,"
                                                + " maxTtl: 3s, servers: ['198.18.0.53:53']}")
                                .discovery())
                .contains(
                        new Discovery.Dns(
                                "_http._tcp.app",
                                Discovery.Records.SRV,
                                0,
                                List.of(HostPort.parse("198.18.0.53:53")),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3)));
    }

    @Test
    void lookupsThatCannotBeAreRefused() {
        assertThat(problems("dns: {name: app}")).singleElement().asString().contains("has no port");
        assertThat(problems("dns: {name: app, records: srv, port: 80}"))
                .singleElement()
                .asString()
                .contains("is what SRV records say");
        assertThat(problems("dns: {name: 'a b', port: 80}"))
                .singleElement()
                .asString()
                .contains("is not a name of DNS");
        assertThat(problems("dns: {name: app, port: 80}, endpoints: ['198.18.0.1:80']"))
                .singleElement()
                .asString()
                .contains("has more than one of endpoints, dns and zookeeper");
        assertThat(problems("dns: {name: app, port: 80, minTtl: 10m}"))
                .singleElement()
                .asString()
                .contains("minTtl is more than maxTtl");
    }

    @Test
    void aServiceIsAPath() {
        assertThat(upstream("zookeeper: {path: /services/app}").discovery())
                .contains(new Discovery.Services("/services/app"));
        for (String bad : List.of("services", "/", "/a//b", "/a/../b", "/a/")) {
            assertThat(problems("zookeeper: {path: " + bad + "}"))
                    .singleElement()
                    .asString()
                    .contains("is not the path of a node");
        }
    }
}
