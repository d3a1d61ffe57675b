package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.tls.Staples;

import io.netty.pkitesting.CertificateBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLHandshakeException;

/** Which certificate a client gets, and what comes with it; asked by OpenSSL where Java cannot. */
final class CertificateChoiceIT {
    @TempDir Path folder;

    @Test
    void aClientGetsTheKindOfCertificateThatItCanCheck() throws Exception {
        TestCertificate ec = TestCertificate.write(folder, "ec", "a.test");
        TestCertificate rsa =
                TestCertificate.write(
                        folder,
                        "rsa",
                        new CertificateBuilder()
                                .subject("CN=rsa")
                                .rsa2048()
                                .addSanDnsName("a.test")
                                .setIsCertificateAuthority(true)
                                .buildSelfSigned());
        try (Bench bench = new Bench()) {
            bench.apply(listener(bench, "", ec, rsa));
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                assertThat(openssl(bench, version, "-sigalgs", "ECDSA+SHA256:RSA-PSS+SHA256"))
                        .containsPattern("subject=CN ?= ?ec");
                assertThat(openssl(bench, version, "-sigalgs", "RSA-PSS+SHA256:RSA+SHA256"))
                        .containsPattern("subject=CN ?= ?rsa");
            }
            assertThat(openssl(bench, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"))
                    .containsPattern("subject=CN ?= ?rsa");
        }
    }

    @Test
    void anUnknownNameIsRefusedWhereTheListenerSaysSo() throws Exception {
        TestCertificate a = TestCertificate.write(folder, "a", "a.test");
        try (Bench bench = new Bench()) {
            bench.apply(listener(bench, "      unknownName: refuse\n", a));
            TlsIT.connect(bench.port, "A.test", "TLSv1.3").close();
            for (String name : List.of("b.test", "")) {
                assertThat(catchThrowable(() -> TlsIT.connect(bench.port, name, "TLSv1.3")))
                        .isInstanceOf(SSLHandshakeException.class)
                        .hasMessageContaining("unrecognized_name");
            }
            assertThat(bench.engine.figures().refusals()).containsEntry(Refusal.UNKNOWN_NAME, 2L);
        }
    }

    @Test
    void aStapleIsSentAlongUntilItEnds() throws Exception {
        TestCertificate a = TestCertificate.write(folder, "a", "a.test");
        Path staple = Staples.write(folder, a.bundle(), Instant.now().plusSeconds(3600));
        try (Bench bench = new Bench()) {
            bench.apply(listener(bench, "", a).replace(".key}", ".key, staple: " + staple + "}"));
            assertThat(openssl(bench, "-status")).contains("OCSP response");
            assertThat(openssl(bench, "-status")).doesNotContain("no response sent");
            assertThat(bench.engine.problems()).isEmpty();
            Instant past = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
            Staples.write(folder, a.bundle(), past);
            await().until(() -> openssl(bench, "-status").contains("no response sent"));
            assertThat(bench.engine.figures().overdueStaples()).isPositive();
            assertThat(bench.engine.problems())
                    .singleElement()
                    .asString()
                    .isEqualTo(
                            "test.yaml: listeners[0].tls.certificates: the staple "
                                    + staple
                                    + " ended at "
                                    + past
                                    + " and is not sent; renew it");
        }
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreRefused() throws Exception {
        TestCertificate a = TestCertificate.write(folder, "a", "a.test");
        Path tickets = folder.resolve("tickets");
        Files.writeString(tickets, "c2hvcnQ=\n");
        assertThat(problems(listener("      tickets: %s\n".formatted(tickets), a)))
                .singleElement()
                .asString()
                .contains("listeners[0].tls.tickets: ")
                .contains("is open to other users than its owner; chmod 600");
        Files.setPosixFilePermissions(tickets, PosixFilePermissions.fromString("rw-------"));
        assertThat(problems(listener("      tickets: %s\n".formatted(tickets), a)))
                .singleElement()
                .asString()
                .contains("must have 1 to 16 lines, each at least 32 bytes in base64")
                .doesNotContain("c2hvcnQ");
        assertThat(problems(listener("      clients: {authorities: /nowhere}\n", a)))
                .singleElement()
                .asString()
                .contains("clients.authorities: cannot read /nowhere: it does not exist");
    }

    @Test
    void aNameUnderTwoTermsIsRefused() throws Exception {
        TestCertificate a = TestCertificate.write(folder, "a", "a.test");
        TestCertificate b = TestCertificate.write(folder, "b", "a.test");
        String clients = ", clients: {authorities: %s}}".formatted(a.certificate());
        String yaml = listener("", a, b);
        int last = yaml.lastIndexOf('}');
        assertThat(problems(yaml.substring(0, last) + clients + yaml.substring(last + 1)))
                .singleElement()
                .asString()
                .contains("certificates[1].clients: a.test is served by a certificate above")
                .contains("give all certificates of a name the same 'clients'");
    }

    private static List<String> problems(String listener) {
        try (Bench bench = new Bench()) {
            L7Config config =
                    L7Config.parse("test.yaml", listener.replace(":1\"]", ":" + bench.port + "\"]"))
                            .orElseThrow();
            return bench.engine.apply("test.yaml", config).stream().map(Problem::toString).toList();
        }
    }

    private static String listener(String more, TestCertificate... certificates) {
        return "listeners:\n  - name: web\n    addresses: [\"127.0.0.1:1\"]\n"
                + tls(more, certificates);
    }

    private static String listener(Bench bench, String more, TestCertificate... certificates) {
        return bench.listener(tls(more, certificates));
    }

    private static String tls(String more, TestCertificate... certificates) {
        StringBuilder yaml = new StringBuilder("    tls:\n" + more + "      certificates:\n");
        for (TestCertificate one : certificates) {
            yaml.append(
                    "        - {certificate: %s, key: %s}\n"
                            .formatted(one.certificate(), one.key()));
        }
        return yaml.toString();
    }

    private static String openssl(Bench bench, String... more) throws Exception {
        List<String> command =
                new java.util.ArrayList<>(
                        List.of(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + bench.port,
                                "-servername",
                                "a.test"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
