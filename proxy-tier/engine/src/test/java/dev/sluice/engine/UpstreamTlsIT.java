package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.balance.EndpointStatus;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Who is not proven to be the server gets no byte. */
final class UpstreamTlsIT {
    @TempDir Path folder;

    private X509Bundle authority;
    private X509Bundle stranger;

    @BeforeEach
    void certify() throws Exception {
        authority = root("authority");
        stranger = root("stranger");
    }

    private X509Bundle root(String name) throws Exception {
        X509Bundle root =
                new CertificateBuilder()
                        .subject("CN=" + name)
                        .ecp256()
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        Files.writeString(folder.resolve(name + ".crt"), root.getCertificatePEM());
        return root;
    }

    private static CertificateBuilder leaf() {
        return new CertificateBuilder().subject("CN=leaf").ecp256().addSanDnsName("app.internal");
    }

    private Server server(X509Bundle bundle, boolean wantsCertificate, Server.Behaviour behaviour)
            throws Exception {
        KeyManagerFactory keys = bundle.toKeyManagerFactory();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys.getKeyManagers(), authority.toTrustManagerFactory().getTrustManagers(), null);
        SSLServerSocket socket =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, LOCAL);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setNeedClientAuth(wantsCertificate);
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return Server.on(socket, behaviour);
    }

    private static final java.net.InetAddress LOCAL = java.net.InetAddress.getLoopbackAddress();

    private Server saying(X509Bundle bundle) throws Exception {
        return server(
                bundle,
                false,
                (wire, self) -> {
                    while (true) {
                        self.take(wire);
                        wire.send(Server.ok("secret"));
                    }
                });
    }

    private String tls(String trust, String name, String more) {
        return "    tls: {trust: %s, name: %s%s}"
                .formatted(folder.resolve(trust + ".crt"), name, more);
    }

    private Bench bench(String tls, Server server) {
        return Bench.with("", tls, server);
    }

    /** A server of plain HTTP is asked by TLS, too. */
    @Test
    void checksProveTheServerAsRequestsDo() throws Exception {
        String check =
                "\n    panic: 0\n    check: {interval: 100ms, timeout: 5s, rise: 1, fall: 1}";
        try (Server proven = saying(leaf().buildIssuedBy(authority));
                Server forged = saying(leaf().buildIssuedBy(stranger));
                Server plain = Server.saying("plain");
                Bench bench =
                        Bench.with(
                                "",
                                tls("authority", "app.internal", "") + check,
                                proven,
                                forged,
                                plain)) {
            await().atMost(60, TimeUnit.SECONDS)
                    .until(
                            () -> uses(bench),
                            List.of(
                                            EndpointStatus.Use.USED,
                                            EndpointStatus.Use.UNWELL,
                                            EndpointStatus.Use.UNWELL)
                                    ::equals);
            await().atMost(60, TimeUnit.SECONDS).until(() -> !proven.requests.isEmpty());
            assertThat(proven.requests.getFirst().field("user-agent")).contains("sluice-check");
            assertThat(forged.requests).isEmpty();
            assertThat(plain.requests).isEmpty();
        }
    }

    private static List<EndpointStatus.Use> uses(Bench bench) {
        return bench.engine.upstreams().getFirst().endpoints().stream()
                .map(EndpointStatus::use)
                .toList();
    }

    @Test
    void aProvenServerIsSpokenTo() throws Exception {
        try (Server server = saying(leaf().buildIssuedBy(authority));
                Bench bench = bench(tls("authority", "app.internal", ""), server)) {
            assertThat(bench.get("/").text()).isEqualTo("secret");
            assertThat(bench.get("/").text()).isEqualTo("secret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown authority", "other name", "expired", "self-signed"})
    void anUnprovenServerIsTheProxysFailureAndGetsNoByte(String fault) throws Exception {
        X509Bundle bundle =
                switch (fault) {
                    case "unknown authority" -> leaf().buildIssuedBy(stranger);
                    case "other name" ->
                            new CertificateBuilder()
                                    .subject("CN=leaf")
                                    .ecp256()
                                    .addSanDnsName("other.internal")
                                    .buildIssuedBy(authority);
                    case "expired" ->
                            leaf().notBefore(Instant.now().minus(20, ChronoUnit.DAYS))
                                    .notAfter(Instant.now().minus(10, ChronoUnit.DAYS))
                                    .buildIssuedBy(authority);
                    default -> leaf().setIsCertificateAuthority(true).buildSelfSigned();
                };
        try (Server server = saying(bundle);
                Bench bench = bench(tls("authority", "app.internal", ""), server)) {
            FailureIT.assertFailure(bench.get("/"), 502, "tls-failed");
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void aPlaintextServerGetsNoRequest() {
        try (Server server = Server.saying("plain");
                Bench bench = bench(tls("authority", "app.internal", ""), server)) {
            assertThat(bench.get("/").status()).isEqualTo(502);
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void theClientCertificateIsShown() throws Exception {
        TestCertificate.write(
                folder,
                "client",
                new CertificateBuilder().subject("CN=proxy").ecp256().buildIssuedBy(authority));
        String client =
                ", client: {certificate: %s, key: %s}"
                        .formatted(folder.resolve("client.crt"), folder.resolve("client.key"));
        X509Bundle bundle = leaf().buildIssuedBy(authority);
        Server.Behaviour behaviour =
                (wire, self) -> {
                    self.take(wire);
                    wire.send(Server.ok("secret"));
                };
        try (Server server = server(bundle, true, behaviour);
                Bench bench = bench(tls("authority", "app.internal", client), server)) {
            assertThat(bench.get("/").text()).isEqualTo("secret");
        }
        try (Server server = server(bundle, true, behaviour);
                Bench bench = bench(tls("authority", "app.internal", ""), server)) {
            assertThat(bench.get("/").status()).isEqualTo(502);
            assertThat(server.requests).isEmpty();
        }
    }

    /** Two upstreams to one address: what one trusts is nothing to the other, in either order. */
    @ParameterizedTest
    @ValueSource(strings = {"/good /bad", "/bad /good", "/good /name", "/name /good"})
    void trustIsNotSharedThroughSessionsOrConnections(String order) throws Exception {
        try (Server server = saying(leaf().buildIssuedBy(authority));
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + "upstreams:\n"
                            + to("good", server, tls("authority", "app.internal", ""))
                            + to("bad", server, tls("stranger", "app.internal", ""))
                            + to("name", server, tls("authority", "other.internal", ""))
                            + "routes: [{path: /good, upstream: good}, {path: /bad, upstream: bad},"
                            + " {path: /name, upstream: name}]");
            for (int round = 0; round < 3; round++) {
                for (String path : order.split(" ", -1)) {
                    int expected = path.equals("/good") ? 200 : 502;
                    assertThat(bench.get(path).status()).as(path).isEqualTo(expected);
                }
            }
        }
    }

    private static String to(String name, Server server, String tls) {
        return "  - name: %s\n    endpoints: [\"%s\"]\n%s\n".formatted(name, server.address(), tls);
    }

    @Test
    void http2IsAgreedUponInTheHandshake() throws Exception {
        try (Server server =
                        server(
                                leaf().buildIssuedBy(authority),
                                false,
                                (wire, self) -> {
                                    H2Wire h2 = H2Wire.serve(wire);
                                    H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                                    h2.head(head.stream(), true, ":status", "204");
                                    h2.await(H2Wire.PING);
                                });
                Bench bench =
                        bench(tls("authority", "app.internal", "") + "\n    version: h2", server)) {
            assertThat(bench.get("/").status()).isEqualTo(204);
        }
    }

    @Test
    void replacedTrustIsNoticedAndOldConnectionsAreNotUsed() throws Exception {
        try (Server server = saying(leaf().buildIssuedBy(authority));
                Bench bench = bench(tls("authority", "app.internal", ""), server)) {
            assertThat(bench.get("/").status()).isEqualTo(200);
            Path trust = folder.resolve("authority.crt");
            Files.writeString(trust, stranger.getCertificatePEM());
            await().until(() -> bench.get("/").status() == 502);
            Files.writeString(trust, "nothing");
            await().until(() -> !bench.engine.problems().isEmpty());
            assertThat(bench.engine.problems())
                    .singleElement()
                    .asString()
                    .isEqualTo(
                            "test.yaml: upstreams[0].tls.trust: "
                                    + trust
                                    + " is not a certificate: CertificateException");
            Files.writeString(trust, authority.getCertificatePEM());
            await().until(() -> bench.get("/").status() == 200);
            assertThat(bench.engine.problems()).isEmpty();
        }
    }

    /** Only the session's own end is the end of a response that has no length (RFC 9112 §9.8). */
    @ParameterizedTest
    @ValueSource(strings = {"close_notify", "FIN", "RST"})
    void aResponseWithoutALengthEndsWithTheSessionAndNotBefore(String end) throws Exception {
        LayeredSockets sockets = new LayeredSockets(leaf().buildIssuedBy(authority));
        Server.Behaviour ending =
                (wire, self) -> {
                    self.take(wire);
                    wire.send("HTTP/1.1 200 OK\r\n\r\nhalf of it");
                    Socket below = sockets.accepted.take();
                    switch (end) {
                        case "FIN" -> below.shutdownOutput();
                        case "RST" -> {
                            below.setSoLinger(true, 0);
                            below.close();
                        }
                        default -> ((SSLSocket) wire.socket()).shutdownOutput();
                    }
                };
        try (Server server = Server.on(sockets, ending);
                Bench bench = bench(tls("authority", "app.internal", ""), server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
            if (end.equals("close_notify")) {
                assertThat(wire.readResponse().text()).isEqualTo("half of it");
            } else {
                assertThat(catchThrowable(wire::readResponse)).isNotNull();
            }
        }
    }

    /** Sockets whose TLS ends separately from the connection below it. */
    private static final class LayeredSockets extends ServerSocket {
        private final SSLContext context = SSLContext.getInstance("TLS");
        final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

        LayeredSockets(X509Bundle bundle) throws Exception {
            super(0, 50, LOCAL);
            context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
        }

        @Override
        public Socket accept() throws IOException {
            Socket below = super.accept();
            accepted.add(below);
            SSLSocket layered =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(below, null, below.getPort(), false);
            layered.setUseClientMode(false);
            return layered;
        }
    }

    @Test
    void missingFilesAreSaidWithTheirPlace() throws Exception {
        try (Bench bench = new Bench()) {
            String yaml =
                    bench.listener("")
                            + "upstreams: [{name: app, tls: {trust: /none/ca.crt, name: a.b}}]";
            List<Problem> problems =
                    bench.engine.apply(
                            "test.yaml", L7Config.parse("test.yaml", yaml).orElseThrow());
            assertThat(problems)
                    .map(Problem::toString)
                    .containsExactly(
                            "test.yaml: upstreams[0].tls.trust: cannot read /none/ca.crt: it does"
                                    + " not exist");
        }
    }
}
