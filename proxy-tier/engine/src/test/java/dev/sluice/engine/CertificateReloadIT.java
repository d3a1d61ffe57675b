package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;

import javax.net.ssl.SSLSocket;

/** Certificates change under a proxy that serves. */
final class CertificateReloadIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir Path folder;

    @Test
    void aLinkThatIsTurnedElsewhereIsNoticedAndNoConnectionIsDropped() throws Exception {
        write("one");
        write("two");
        Path current = folder.resolve("current");
        Files.createSymbolicLink(current, Path.of("one"));
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, current);
                Wire old = new Wire(TlsIT.connect(bench.port, "a.test", "TLSv1.3"))) {
            assertThat(servedBy(bench)).isEqualTo("CN=one");
            Path next = folder.resolve("next");
            Files.createSymbolicLink(next, Path.of("two"));
            Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> servedBy(bench).equals("CN=two"));
            old.send(GET);
            assertThat(old.readResponse().text()).isEqualTo("secret");
        }
    }

    @Test
    void aPairThatDoesNotFitOrIsNotPrivateLeavesTheLastGoodOne() throws Exception {
        TestCertificate one = write("one");
        TestCertificate two = write("two");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, folder.resolve("one"))) {
            assertThat(bench.engine.problems()).isEmpty();
            Files.copy(two.certificate(), one.certificate(), StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> !bench.engine.problems().isEmpty());
            assertThat(bench.engine.problems())
                    .singleElement()
                    .asString()
                    .endsWith(one.key() + " does not belong to the certificate");
            assertThat(servedBy(bench)).isEqualTo("CN=one");
            Files.copy(two.key(), one.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(one.key(), PosixFilePermissions.fromString("rw-r-----"));
            await().until(() -> bench.engine.problems().toString().contains("chmod 600"));
            assertThat(servedBy(bench)).isEqualTo("CN=one");
            Files.setPosixFilePermissions(one.key(), PosixFilePermissions.fromString("rw-------"));
            await().until(() -> servedBy(bench).equals("CN=two"));
            assertThat(bench.engine.problems()).isEmpty();
        }
    }

    @Test
    void whenCertificatesEndIsKnown() throws Exception {
        TestCertificate one = write("one");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, folder.resolve("one"))) {
            Instant end = one.bundle().getCertificate().getNotAfter().toInstant();
            assertThat(bench.engine.expiries())
                    .singleElement()
                    .satisfies(expiry -> {
                        assertThat(expiry.file()).isEqualTo(one.certificate().toString());
                        assertThat(expiry.notAfter()).isEqualTo(end);
                    });
        }
    }

    private TestCertificate write(String name) throws Exception {
        Path own = Files.createDirectory(folder.resolve(name));
        TestCertificate made =
                TestCertificate.write(
                        own, "a", TestCertificate.builder(name, "a.test").buildSelfSigned());
        return made;
    }

    private static Bench bench(Server server, Path folder) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(
                                "    tls: {certificates: [{certificate: %s/a.crt, key: %s/a.key}]}"
                                        .formatted(folder, folder))
                        + bench.upstream("", server)
                        + "routes: [{upstream: app}]");
        return bench;
    }

    private static String servedBy(Bench bench) throws Exception {
        try (SSLSocket socket = TlsIT.connect(bench.port, "a.test", "TLSv1.3")) {
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return leaf.getSubjectX500Principal().getName();
        }
    }
}
