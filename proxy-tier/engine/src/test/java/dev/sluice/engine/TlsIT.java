package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.http.Refusal;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

final class TlsIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir Path folder;

    @Test
    void requestsComeInOverTls() throws Exception {
        write("a", "a.test");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, "", "a")) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (Wire wire = new Wire(connect(bench.port, "a.test", version))) {
                    for (int i = 0; i < 2; i++) {
                        wire.send(GET);
                        assertThat(wire.readResponse().text()).isEqualTo("secret");
                    }
                }
            }
            assertThat(server.requests)
                    .allSatisfy(request ->
                            assertThat(request.field("x-forwarded-proto")).contains("https"));
        }
    }

    @Test
    void theCertificateIsChosenByName() throws Exception {
        write("a", "a.test");
        write("b", "b.test");
        writeWildcard("wild", "*.w.test");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, "", "a", "b", "wild")) {
            assertThat(servedFor(bench, "a.test")).isEqualTo("CN=a");
            assertThat(servedFor(bench, "B.test")).isEqualTo("CN=b");
            assertThat(servedFor(bench, "x.w.test")).isEqualTo("CN=wild");
            assertThat(servedFor(bench, "y.x.w.test")).isEqualTo("CN=a");
            assertThat(servedFor(bench, "unknown.test")).isEqualTo("CN=a");
            assertThat(servedFor(bench, "")).isEqualTo("CN=a");
        }
    }

    @Test
    void olderVersionsThanTheLeastAreRefused() throws Exception {
        write("a", "a.test");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, "minVersion: 1.3", "a")) {
            assertThatThrownBy(() -> connect(bench.port, "a.test", "TLSv1.2"))
                    .isInstanceOf(SSLException.class);
            try (SSLSocket socket = connect(bench.port, "a.test", "TLSv1.3")) {
                assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            }
            assertThat(bench.engine.figures().refusals()).containsEntry(Refusal.HANDSHAKE, 1L);
        }
    }

    @Test
    void plaintextOnATlsPortGetsNothing() throws Exception {
        write("a", "a.test");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, "", "a");
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertThat(wire.readTextToEnd()).doesNotContain("secret").doesNotContain("HTTP/1.1");
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void aRefusedRequestIsAnsweredOverTlsToo() throws Exception {
        write("a", "a.test");
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, "", "a");
                Wire wire = new Wire(connect(bench.port, "a.test", "TLSv1.3"))) {
            wire.send("GET /.. HTTP/1.1\r\nHost: a.test\r\n\r\n");
            FailureIT.assertFailure(wire.readResponse(), 400, "bad-target");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void rsaIsServedAsWell() throws Exception {
        X509Bundle rsa =
                builder().subject("CN=a").rsa2048().addSanDnsName("a.test").buildSelfSigned();
        write("a", rsa.getCertificatePEM(), rsa.getPrivateKeyPEM());
        try (Server server = Server.saying("secret");
                Bench bench = bench(server, "", "a")) {
            assertThat(servedFor(bench, "a.test")).isEqualTo("CN=a");
        }
    }

    @Test
    void aKeyThatOthersCanReadIsRefusedWithTheWayOut() throws Exception {
        write("a", "a.test");
        Path key = folder.resolve("a.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(problems("a"))
                .containsExactly(
                        "test.yaml: listeners[0].tls.certificates[0].key: "
                                + key
                                + " is open to other users than its owner; chmod 600 "
                                + key);
    }

    @Test
    void everythingWrongWithTheFilesIsSaidAtOnce() throws Exception {
        write("a", "a.test");
        write("b", "b.test");
        Files.copy(
                folder.resolve("b.key"),
                folder.resolve("a.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        write("empty", "", "");
        Path old =
                write(
                        "old",
                        Files.readString(folder.resolve("b.crt")),
                        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        write("noise", "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n", "");
        String at = "test.yaml: listeners[0].tls.certificates";
        assertThat(problems("a", "none", "empty", "old", "noise"))
                .hasSize(5)
                .contains(
                        at
                                + "[0].key: "
                                + folder.resolve("a.key")
                                + " does not belong to the certificate",
                        at
                                + "[1].certificate: cannot read "
                                + folder.resolve("none.crt")
                                + ": it does not exist",
                        at
                                + "[2].certificate: "
                                + folder.resolve("empty.crt")
                                + " holds no certificate; it must be PEM",
                        at
                                + "[3].key: "
                                + old
                                + " is encrypted or not in PKCS #8;"
                                + " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW")
                .last()
                .asString()
                .startsWith(at + "[4].certificate: ");
    }

    @Test
    void aKeyOfAnotherKindDoesNotFit() throws Exception {
        write("a", "a.test");
        X509Bundle rsa = builder().subject("CN=b").rsa2048().buildSelfSigned();
        write("a", Files.readString(folder.resolve("a.crt")), rsa.getPrivateKeyPEM());
        assertThat(problems("a"))
                .singleElement()
                .asString()
                .contains(
                        "holds no key that fits the certificate; a PKCS #8 key of the algorithm EC"
                                + " is needed");
    }

    private List<String> problems(String... names) {
        try (Bench bench = new Bench()) {
            L7Config config =
                    L7Config.parse("test.yaml", bench.listener(tls("", names))).orElseThrow();
            return bench.engine.apply("test.yaml", config).stream().map(Problem::toString).toList();
        }
    }

    private Bench bench(Server server, String more, String... names) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(tls(more, names))
                        + bench.upstream("", server)
                        + "routes: [{upstream: app}]");
        return bench;
    }

    private String tls(String more, String... names) {
        StringBuilder yaml =
                new StringBuilder("    tls:\n      " + more + "\n      certificates:\n");
        for (String name : names) {
            yaml.append(
                    "        - {certificate: %s, key: %s}\n"
                            .formatted(
                                    folder.resolve(name + ".crt"), folder.resolve(name + ".key")));
        }
        return yaml.toString();
    }

    private void write(String name, String dnsName) throws Exception {
        X509Bundle bundle =
                builder().subject("CN=" + name).ecp256().addSanDnsName(dnsName).buildSelfSigned();
        write(name, bundle.getCertificatePEM(), bundle.getPrivateKeyPEM());
    }

    /** The builder knows no wildcards; keytool does. */
    private void writeWildcard(String name, String dnsName) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "SAN=dns:" + dnsName,
                                "-alias",
                                name,
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        write(
                name,
                pem("CERTIFICATE", keys.getCertificate(name).getEncoded()),
                pem("PRIVATE KEY", keys.getKey(name, "changeit".toCharArray()).getEncoded()));
    }

    private static String pem(String kind, byte[] der) {
        String base64 = Base64.getMimeEncoder().encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    private static CertificateBuilder builder() {
        return new CertificateBuilder().setIsCertificateAuthority(true);
    }

    private Path write(String name, String certificate, String key) throws IOException {
        Files.writeString(folder.resolve(name + ".crt"), certificate);
        Path keyFile = folder.resolve(name + ".key");
        Files.writeString(keyFile, key);
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        return keyFile;
    }

    private static String servedFor(Bench bench, String name) throws Exception {
        try (SSLSocket socket = connect(bench.port, name, "TLSv1.3")) {
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return leaf.getSubjectX500Principal().getName();
        }
    }

    /** Trusts everybody: which certificate comes is what is tested. */
    static SSLSocket connect(int port, String name, String version, String... alpn)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(alpn);
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** A session whose end is not the end of the connection below it. */
    static SSLSocket over(Socket below, String name) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(below, name, below.getPort(), false);
        socket.startHandshake();
        return socket;
    }

    static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
