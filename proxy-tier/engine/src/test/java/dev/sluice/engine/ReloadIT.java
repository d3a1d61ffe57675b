package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A change leaves alone what it is not about, however often it comes. */
final class ReloadIT {
    private static final int WEB_SOCKETS = 1_000;
    private static final int STREAMS = 200;
    private static final int STREAMS_EACH = 100;
    private static final int RELOADS = 100;
    private static final int RELOADS_A_ROUND = 10;
    private static final int CLIENTS = 4;

    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    private static final EngineOptions ONE_LOOP = new EngineOptions("p", Transport.best(), 1);
    private static final String[] CALL = {"content-type", "application/grpc", "te", "trailers"};

    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void nothingIsClosedOrLostOverAHundredUnrelatedChanges() throws InterruptedException {
        int[] others = {Bench.freePort(), Bench.freePort()};
        try (Server chat = echo();
                Server calls = calls();
                Server app = Server.saying("seen");
                Bench bench = new Bench()) {
            Runnable reload = reloads(bench, others, chat, calls, app);
            reload.run();
            List<Wire> sockets = webSockets(bench);
            List<H2Wire> streams = streams(bench);
            List<Thread> clients = requesting(bench);
            for (int i = 0; i < RELOADS; i++) {
                reload.run();
                if (i % RELOADS_A_ROUND == 0) {
                    talk(sockets);
                    talk(streams, false);
                }
            }
            talk(sockets);
            talk(streams, true);
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(errors).isEmpty();
            assertThat(answered.get()).isPositive().isEqualTo(app.requests.size());
            // Each client's connection has had one to the server, and has it still.
            assertThat(app.connections()).isLessThanOrEqualTo(CLIENTS);
            assertThat(app.closed()).isZero();
            assertThat(calls.closed()).isZero();
            assertThat(chat.connections()).isEqualTo(WEB_SOCKETS);
            assertThat(chat.closed()).isZero();
            assertThat(bench.engine.load().tunnels()).isEqualTo(WEB_SOCKETS);
            streams.forEach(H2Wire::close);
            sockets.forEach(Wire::close);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    /** Each run is another configuration, which differs in what nobody here uses. */
    private static Runnable reloads(
            Bench bench, int[] others, Server chat, Server calls, Server app) {
        AtomicInteger count = new AtomicInteger();
        return () -> {
            int i = count.incrementAndGet();
            bench.apply(
                    """
                    listeners:
                      - {name: web, addresses: ["127.0.0.1:%d"], versions: [h2, h1]}
                      - {name: other, addresses: ["127.0.0.1:%d"], timeouts: {idle: %ds}}
                    routes:
                      - {path: /chat, upstream: chat}
                      - {path: /calls, upstream: calls}
                      - {upstream: app}
                      - {path: /other/%d, upstream: other}
                    upstreams:
                      - {name: other, endpoints: ["127.0.0.1:%d"]}
                      - {name: chat, endpoints: ["%s"]}
                      - {name: calls, endpoints: ["%s"], version: h2}
                      - {name: app, endpoints: ["%s"]}
                    """
                            .formatted(
                                    bench.port,
                                    others[i % 2],
                                    60 + i,
                                    i,
                                    10_000 + i,
                                    chat.address(),
                                    calls.address(),
                                    app.address()));
        };
    }

    @Test
    void aChangedUpstreamKeepsItsConnections() {
        for (String version : List.of("h1", "h2")) {
            try (Server server = version.equals("h1") ? Server.saying("seen") : calls();
                    Bench bench = new Bench(ONE_LOOP);
                    H2Wire h2 = connected(bench, upstream(version, 1), server)) {
                assertThat(answer(h2, 1)).isEqualTo(200);
                for (int i = 2; i < 6; i++) {
                    bench.apply(site(bench, upstream(version, i), server));
                    assertThat(answer(h2, 2 * i + 1)).isEqualTo(200);
                }
                assertThat(server.connections()).as(version).isEqualTo(1);
                assertThat(server.closed()).isZero();
            }
        }
    }

    @Test
    void bodiesOnTheirWayGoOnInBothDirections() {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Server slow = halves();
                Bench bench = new Bench();
                Wire streamed = uploading(bench, "/", server, slow);
                Wire collected = uploading(bench, "/buffered", server, slow);
                Wire answered = bench.connect()) {
            answered.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(answered.readHead()).contains("200 OK");
            assertThat(answered.readText(5)).isEqualTo("first");
            // Neither route nor upstream is there any more.
            bench.apply(bench.listener(""));
            assertThat(bench.get("/").status()).isEqualTo(404);
            for (Wire wire : List.of(streamed, collected)) {
                wire.send("second");
                assertThat(wire.readResponse().text()).isEqualTo("first+second");
            }
            slow.requests.add(new Wire.Message("go on", "", ""));
            assertThat(answered.readText(7)).isEqualTo("+second");
        }
    }

    private static Wire uploading(Bench bench, String path, Server server, Server slow) {
        bench.apply(
                bench.listener("")
                        + "upstreams:\n  - {name: app, endpoints: [\"%s\"]}\n"
                                .formatted(server.address())
                        + "  - {name: slow, endpoints: [\"%s\"]}\n".formatted(slow.address())
                        + "routes: [{upstream: app}, {path: /slow, upstream: slow},"
                        + " {path: /buffered, upstream: app, buffer: {}}]");
        long before = bench.engine.load().requests();
        Wire wire = bench.connect();
        wire.send(
                "POST %s HTTP/1.1\r\nHost: test\r\nContent-Length: 12\r\n\r\nfirst+"
                        .formatted(path));
        await().until(() -> bench.engine.load().requests() > before);
        return wire;
    }

    /** Sends the second half of its answer once a test says so. */
    private static Server halves() {
        return Server.of((wire, self) -> {
            self.take(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nfirst");
            await().atMost(Duration.ofMinutes(1)).until(() -> self.requests.size() == 2);
            wire.send("+second");
            wire.readToEnd();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientsGoOnWithTheirSessions(String version, @TempDir Path folder) throws Exception {
        TestCertificate web =
                TestCertificate.write(
                        folder, "a", TestCertificate.builder("a", "a.test").buildSelfSigned());
        String tls =
                "    tls: {certificates: [{certificate: %s, key: %s}]}\n"
                        .formatted(web.certificate(), web.key());
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new TlsIT.Credulous()}, null);
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(tls, "", server)) {
            assertThat(ClientCertificateIT.get(client, bench.port, version)).isEqualTo("full seen");
            for (int i = 10; i < 13; i++) {
                bench.apply(
                        bench.listener(tls + "    timeouts: {idle: %ds}".formatted(i))
                                + bench.upstream("", server)
                                + "routes: [{upstream: app}]");
                assertThat(ClientCertificateIT.get(client, bench.port, version))
                        .isEqualTo("resumed seen");
            }
            bench.apply(
                    bench.listener(tls + "    versions: [h1]")
                            + bench.upstream("", server)
                            + "routes: [{upstream: app}]");
            assertThat(ClientCertificateIT.get(client, bench.port, version))
                    .as("other terms, another session")
                    .isEqualTo("full seen");
        }
    }

    private static String upstream(String version, int seconds) {
        return "    version: %s\n    connectTimeout: %ds\n    maxRequests: %d"
                .formatted(version, seconds, seconds);
    }

    private static H2Wire connected(Bench bench, String upstream, Server server) {
        bench.apply(site(bench, upstream, server));
        return H2Wire.connect(bench.port);
    }

    private static String site(Bench bench, String upstream, Server server) {
        return bench.listener(Http2IT.H2)
                + bench.upstream(upstream, server)
                + "routes: [{upstream: app}]";
    }

    private static int answer(H2Wire h2, int stream) {
        h2.request(stream, "POST", "/", false);
        h2.data(stream, true, "");
        return h2.reply(stream).status();
    }

    // ---- WebSockets

    private static Server echo() {
        return Server.of((wire, self) -> {
            wire.readHead();
            wire.send(TunnelIT.SWITCHING);
            while (true) {
                wire.send(wire.readBytes(4));
            }
        });
    }

    private static List<Wire> webSockets(Bench bench) {
        List<Wire> sockets = new ArrayList<>();
        for (int i = 0; i < WEB_SOCKETS; i++) {
            Wire wire = bench.connect();
            wire.send(TunnelIT.UPGRADE.replace("/chat", "/chat/" + i));
            assertThat(wire.readHead()).startsWith("HTTP/1.1 101 ");
            sockets.add(wire);
        }
        return sockets;
    }

    private static void talk(List<Wire> sockets) {
        sockets.forEach(wire -> wire.send("ping"));
        sockets.forEach(wire -> assertThat(wire.readText(4)).isEqualTo("ping"));
    }

    // ---- calls of gRPC that never end by themselves

    private static Server calls() {
        return Server.of((wire, self) -> {
            H2Wire h2 = H2Wire.serve(wire, H2Wire.MAX_STREAMS, STREAMS);
            while (true) {
                H2Wire.Frame frame = h2.await(f -> f.stream() > 0);
                switch (frame.type()) {
                    case H2Wire.HEADERS -> h2.head(frame.stream(), false, ":status", "200");
                    case H2Wire.DATA -> {
                        h2.data(frame.stream(), false, frame.text());
                        if (frame.ends()) {
                            h2.head(frame.stream(), true, "grpc-status", "0");
                        }
                    }
                    case H2Wire.RST_STREAM -> throw new AssertionError("reset: " + frame);
                    default -> {}
                }
            }
        });
    }

    private static List<H2Wire> streams(Bench bench) {
        List<H2Wire> connections = new ArrayList<>();
        for (int c = 0; c < STREAMS / STREAMS_EACH; c++) {
            H2Wire h2 = H2Wire.connect(bench.port);
            connections.add(h2);
            eachStream(stream -> h2.request(stream, "POST", "/calls/a.B/c", false, CALL));
            eachStream(
                    stream -> assertThat(h2.awaitHead(stream).field(":status")).isEqualTo("200"));
        }
        return connections;
    }

    private static void talk(List<H2Wire> connections, boolean last) {
        for (H2Wire h2 : connections) {
            eachStream(stream -> h2.data(stream, last, "call"));
            eachStream(stream -> {
                H2Wire.Frame frame = h2.await(f -> f.stream() == stream && !isWindow(f));
                assertThat(frame.type()).isEqualTo(H2Wire.DATA);
                assertThat(frame.text()).isEqualTo("call");
                if (last) {
                    assertThat(h2.reply(stream).trailers()).contains("grpc-status: 0");
                }
            });
        }
    }

    private static boolean isWindow(H2Wire.Frame frame) {
        return frame.type() == H2Wire.WINDOW_UPDATE;
    }

    private static void eachStream(IntConsumer what) {
        for (int i = 0; i < STREAMS_EACH; i++) {
            what.accept(2 * i + 1);
        }
    }

    // ---- requests, one after the other

    private List<Thread> requesting(Bench bench) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(() -> request(bench)));
        }
        return clients;
    }

    private void request(Bench bench) {
        try (Wire wire = bench.connect()) {
            while (!over.get()) {
                wire.send(GET);
                assertThat(wire.readResponse().text()).isEqualTo("seen");
                answered.incrementAndGet();
            }
        } catch (UncheckedIOException | AssertionError e) {
            errors.add(e);
        }
    }
}
