package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What cannot be served is refused with its place and a way out, and what is served stays. */
final class BadInputIT {
    @TempDir Path folder;
    private Server server = Server.saying("still here");
    private Bench bench = Bench.to(server);

    @BeforeEach
    void serve() {
        assertThat(bench.get("/").text()).isEqualTo("still here");
    }

    @AfterEach
    void isStillServing() {
        assertThat(bench.get("/").text()).isEqualTo("still here");
        bench.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "versions: [h1, h3]            | listeners[0].versions[1]: 'h3' is not allowed;"
                        + " allowed: h1, h2",
                "versions: [spdy]              | listeners[0].versions[0]: 'spdy' is not allowed",
                "kind: sctp                    | listeners[0].kind: 'sctp' is not allowed",
                "timeouts: {idle: 0s}          | listeners[0].timeouts.idle: '0s' is out of range;"
                        + " allowed: 10ms to 24h",
                "timeouts: {body: 25h}         | listeners[0].timeouts.body: '25h' is out of range",
                "timeouts: {clientHeader: -1s} | listeners[0].timeouts.clientHeader: '-1s' is out of",
                "timeouts: {idle: forever}     | listeners[0].timeouts.idle: 'forever' is not",
                "limits: {connections: 0}      | listeners[0].limits.connections: '0' is",
            })
    void whatNobodySpeaksOrWaitsForIsRefusedWithItsPlace(String section, String expected) {
        List<String> problems =
                L7Config.parse("test.yaml", bench.listener("    " + section)).problems().stream()
                        .map(Problem::toString)
                        .toList();
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("test.yaml:4:")
                .contains(expected);
    }

    @Test
    void aChainThatHasEndedIsRefused() throws Exception {
        Instant end = Instant.parse("2026-01-02T03:04:05Z");
        TestCertificate ended =
                TestCertificate.write(
                        folder,
                        "ended",
                        TestCertificate.builder("ended", "a.test")
                                .notBefore(end.minus(Duration.ofDays(1)))
                                .notAfter(end)
                                .buildSelfSigned());
        assertThat(refused(ended.tls()))
                .containsExactly(
                        "test.yaml: listeners[0].tls.certificates[0].certificate: "
                                + ended.certificate()
                                + ": CN=ended ended at 2026-01-02T03:04:05Z; renew it");
    }

    @Test
    void everyWrongFileOfAConfigurationIsToldAtOnce() throws Exception {
        TestCertificate a = TestCertificate.write(folder, "a", "a.test");
        TestCertificate b = TestCertificate.write(folder, "b", "b.test");
        String pairs =
                "    tls:\n      tickets: /nowhere/tickets\n      certificates:\n"
                        + "        - {certificate: %s, key: %s}\n        - {certificate: %s, key: %s}\n"
                                .formatted(
                                        a.certificate(), b.key(), "/nowhere/c.crt", "/nowhere/c");
        assertThat(refused(pairs))
                .containsExactly(
                        "test.yaml: listeners[0].tls.tickets: cannot read /nowhere/tickets: it does"
                                + " not exist",
                        "test.yaml: listeners[0].tls.certificates[0].key: "
                                + b.key()
                                + " does not belong to the certificate",
                        "test.yaml: listeners[0].tls.certificates[1].certificate: cannot read"
                                + " /nowhere/c.crt: it does not exist");
    }

    private List<String> refused(String listener) {
        Parsed<L7Config> parsed =
                L7Config.parse(
                        "test.yaml",
                        bench.listener(listener)
                                + bench.upstream("", server)
                                + "routes: [{upstream: app}]");
        return bench.engine.apply("test.yaml", parsed.orElseThrow()).stream()
                .map(Problem::toString)
                .toList();
    }
}
