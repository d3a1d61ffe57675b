package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Clients prove who they are, and no session takes the place of a proof. */
final class ClientCertificateIT {
    private static final String NAME = "bleed.test";
    private static final String GET = "GET / HTTP/1.1\r\nHost: bleed.test\r\n\r\n";
    private static final String MARK = "mark";

    @TempDir Path folder;
    private X509Bundle authority;
    private X509Bundle alice;
    private TestCertificate served;
    private Path authorities;
    private Path tickets;

    @BeforeEach
    void write() throws Exception {
        authority =
                new CertificateBuilder()
                        .subject("CN=authority")
                        .ecp256()
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        alice = new CertificateBuilder().subject("CN=alice").ecp256().buildIssuedBy(authority);
        served = TestCertificate.write(folder, "served", NAME);
        authorities = folder.resolve("authorities.pem");
        Files.writeString(authorities, authority.getCertificatePEM());
        tickets = folder.resolve("tickets");
        Files.writeString(tickets, Base64.getEncoder().encodeToString(new byte[48]) + "\n");
        Files.setPosixFilePermissions(tickets, PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketOfAnOpenListenerOpensNoOther(String version) throws Exception {
        try (Server server = Server.saying("secret");
                Bench bench = new Bench()) {
            int strict = twoListeners(bench, server);
            SSLContext nobody = client(new KeyManager[0]);
            assertThat(get(nobody, bench.port, version)).isEqualTo("full secret");
            assertThat(get(nobody, bench.port, version)).isEqualTo("resumed secret");
            int before = server.requests.size();
            assertThat(catchThrowable(() -> get(nobody, strict, version)))
                    .isInstanceOfAny(java.io.IOException.class, UncheckedIOException.class);
            assertThat(server.requests).hasSize(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionWithACertificateIsNobodyElsewhere(String version) throws Exception {
        try (Server server = Server.saying("secret");
                Bench bench = new Bench()) {
            int strict = twoListeners(bench, server);
            SSLContext known = client(keys(alice));
            assertThat(get(known, strict, version)).isEqualTo("full secret");
            assertThat(get(known, strict, version)).isEqualTo("resumed secret");
            assertThat(server.requests)
                    .hasSize(2)
                    .allSatisfy(request -> {
                        assertThat(request.field("client-cert"))
                                .contains(
                                        ":"
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                alice.getCertificate().getEncoded())
                                                + ":");
                        assertThat(request.field("x-client-cert-subject")).contains("CN=alice");
                        assertThat(request.field("x-client-cert-sha256").orElse(""))
                                .matches("[0-9a-f]{64}");
                    });
            assertThat(get(known, bench.port, version)).isEqualTo("full secret");
            assertThat(server.requests.getLast().count("client-cert")).isZero();
        }
    }

    /** What the two above are measured against: the same secrets do carry a session over. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketIsGoodAtEveryProxyOfAPool(String version) throws Exception {
        try (Server server = Server.saying("secret");
                Bench one = new Bench();
                Bench two = new Bench()) {
            int strictOne = twoListeners(one, server);
            int strictTwo = twoListeners(two, server);
            SSLContext nobody = client(new KeyManager[0]);
            assertThat(get(nobody, one.port, version)).isEqualTo("full secret");
            assertThat(get(nobody, two.port, version)).isEqualTo("resumed secret");
            SSLContext known = client(keys(alice));
            assertThat(get(known, strictOne, version)).isEqualTo("full secret");
            assertThat(get(known, strictTwo, version)).isEqualTo("resumed secret");
            assertThat(server.requests.getLast().field("x-client-cert-subject"))
                    .contains("CN=alice");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsWorthNothing() throws Exception {
        X509Bundle other =
                new CertificateBuilder()
                        .subject("CN=authority")
                        .ecp256()
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        X509Bundle mallory =
                new CertificateBuilder().subject("CN=alice").ecp256().buildIssuedBy(other);
        try (Server server = Server.saying("secret");
                Bench bench = new Bench()) {
            int strict = twoListeners(bench, server);
            SSLContext known = client(keys(mallory));
            assertThat(catchThrowable(() -> get(known, strict, "TLSv1.3"))).isNotNull();
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void whatAClientSaysOfItselfIsNotBelieved() throws Exception {
        try (Server server = Server.saying("secret");
                Bench bench = new Bench()) {
            twoListeners(bench, server);
            try (Wire wire = connect(client(new KeyManager[0]), bench.port, "TLSv1.3")) {
                wire.send(
                        "GET / HTTP/1.1\r\nHost: bleed.test\r\nClient-Cert: :AAAA:\r\n"
                                + "client-cert-chain: :AAAA:\r\n"
                                + "X-Client-Cert-Subject: CN=root\r\n"
                                + "X-CLIENT-CERT-SHA256: 00\r\n\r\n");
                assertThat(wire.readResponse().status()).isEqualTo(200);
            }
            assertThat(server.requests.getFirst().head().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("client-cert");
        }
    }

    @Test
    void aHostUnderOtherTermsThanTheConnectionIsMisdirected() throws Exception {
        TestCertificate open = TestCertificate.write(folder, "open", "open.test");
        TestCertificate also = TestCertificate.write(folder, "also", "also.test");
        String clients = "clients: {authorities: %s}".formatted(authorities);
        try (Server server = Server.saying("secret");
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener(
                                    "    tls:\n      certificates:\n"
                                            + entry(open, "")
                                            + entry(also, "")
                                            + entry(served, ", " + clients))
                            + bench.upstream("", server)
                            + "routes: [{upstream: app}]");
            try (Wire wire = new Wire(TlsIT.connect(bench.port, "open.test", "TLSv1.3"))) {
                wire.send("GET / HTTP/1.1\r\nHost: also.test\r\n\r\n");
                assertThat(wire.readResponse().status()).isEqualTo(200);
                wire.send(GET);
                FailureIT.assertFailure(wire.readResponse(), 421, "misdirected");
            }
            try (H2Wire wire =
                    H2Wire.over(
                            new Wire(TlsIT.connect(bench.port, "open.test", "TLSv1.3", "h2")))) {
                ask(wire, 1, "also.test");
                ask(wire, 3, NAME);
                assertThat(wire.awaitHead(1).fields()).contains(":status: 200");
                assertThat(wire.awaitHead(3).fields()).contains(":status: 421");
            }
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void aListenerMayHaveConnectionsForOneHostAlone() throws Exception {
        TestCertificate open = TestCertificate.write(folder, "open", "open.test");
        TestCertificate also = TestCertificate.write(folder, "also", "also.test");
        try (Server server = Server.saying("secret");
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener(
                                    "    tls:\n      otherNames: refuse\n      certificates:\n"
                                            + entry(open, "")
                                            + entry(also, ""))
                            + bench.upstream("", server)
                            + "routes: [{upstream: app}]");
            try (Wire wire = new Wire(TlsIT.connect(bench.port, "open.test", "TLSv1.3"))) {
                wire.send("GET / HTTP/1.1\r\nHost: Open.test:443\r\n\r\n");
                assertThat(wire.readResponse().status()).isEqualTo(200);
                wire.send("GET / HTTP/1.1\r\nHost: also.test\r\n\r\n");
                FailureIT.assertFailure(wire.readResponse(), 421, "misdirected");
            }
            try (H2Wire wire =
                    H2Wire.over(
                            new Wire(TlsIT.connect(bench.port, "open.test", "TLSv1.3", "h2")))) {
                ask(wire, 1, "open.test");
                ask(wire, 3, "also.test");
                assertThat(wire.awaitHead(1).fields()).contains(":status: 200");
                assertThat(wire.awaitHead(3).fields()).contains(":status: 421");
            }
            assertThat(server.requests).hasSize(2);
        }
    }

    // ----

    private static void ask(H2Wire wire, int stream, String host) {
        wire.head(
                stream,
                true,
                ":method",
                "GET",
                ":scheme",
                "https",
                ":authority",
                host,
                ":path",
                "/");
    }

    private static String entry(TestCertificate certificate, String more) {
        return "        - {certificate: %s, key: %s%s}\n"
                .formatted(certificate.certificate(), certificate.key(), more);
    }

    /** The first takes anybody, the other one asks for certificates; its port. */
    private int twoListeners(Bench bench, Server server) {
        int strict = Bench.freePort();
        String tls =
                "    tls:\n      tickets: %s\n      certificates:\n".formatted(tickets)
                        + entry(served, "");
        String clients = "      clients: {authorities: %s}\n".formatted(authorities);
        bench.apply(
                bench.listener(tls)
                        + "  - name: strict\n    addresses: [\"127.0.0.1:%d\"]\n".formatted(strict)
                        + tls
                        + clients
                        + bench.upstream("", server)
                        + "routes: [{upstream: app}]");
        return strict;
    }

    /** Whether the session went on, and what came. */
    static String get(SSLContext client, int port, String version) throws Exception {
        try (SSLSocket socket = open(client, port, version);
                Wire wire = new Wire(socket)) {
            boolean resumed = socket.getSession().getValue(MARK) != null;
            wire.send(GET);
            String text = wire.readResponse().text();
            socket.getSession().putValue(MARK, MARK);
            return (resumed ? "resumed " : "full ") + text;
        }
    }

    private static Wire connect(SSLContext client, int port, String version) throws Exception {
        return new Wire(open(client, port, version));
    }

    /** To the client every port is the same server's. */
    private static SSLSocket open(SSLContext client, int port, String version) throws Exception {
        Socket raw =
                new Socket(InetAddress.getLoopbackAddress(), port) {
                    @Override
                    public int getPort() {
                        return 443;
                    }
                };
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(raw, NAME, 443, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    private SSLContext client(KeyManager[] keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new TlsIT.Credulous()}, null);
        return context;
    }

    private static KeyManager[] keys(X509Bundle bundle) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                bundle.getKeyPair().getPrivate(),
                new char[0],
                List.of(bundle.getCertificate()).toArray(new java.security.cert.Certificate[0]));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }
}
