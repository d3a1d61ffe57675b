package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Endpoints that may have so many connections, as the kernel counts them. */
final class ConnectionLimitIT {
    private static final int LOOPS = 4;

    private static final EngineOptions OPTIONS =
            new EngineOptions("proxy-under-test", Transport.best(), LOOPS);

    /** The most that any look at them found. */
    private final AtomicInteger most = new AtomicInteger();

    private static Stream<String> sockets(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the server's ends of connections: local address, remote address, state (1). */
    private static int established(int port) {
        String pattern = "\\s*\\d+: [0-9A-F]+:%04X \\S+ 01 .*".formatted(port);
        return Math.toIntExact(
                Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                        .flatMap(ConnectionLimitIT::sockets)
                        .filter(line -> line.matches(pattern))
                        .count());
    }

    /**
     * While one of them looks the others wait with their answers, so that no connection ends or
     * begins: the kernel's list is none of a moment.
     */
    private synchronized void look(Server server) throws InterruptedException {
        Thread.sleep(2);
        most.accumulateAndGet(established(server.port()), Math::max);
    }

    private Server counting() {
        return Server.of((wire, server) -> {
            while (true) {
                server.take(wire);
                look(server);
                wire.send(Server.ok("hello"));
            }
        });
    }

    private Server countingH2() {
        return Server.of((wire, server) -> {
            H2Wire h2 = H2Wire.serve(wire);
            while (true) {
                int stream = h2.await(H2Wire.HEADERS).stream();
                look(server);
                h2.head(stream, false, ":status", "200");
                h2.data(stream, true, "hello");
            }
        });
    }

    private static String limits(String version, int connections) {
        return "    version: %s\n    limits: {connections: %d, queueTimeout: 60s}"
                .formatted(version, connections);
    }

    /** How many of the requests, of clients on all event loops, were answered. */
    private static int ask(Bench bench, int clients, int each) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(clients);
        AtomicInteger good = new AtomicInteger();
        for (int i = 0; i < clients; i++) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Wire wire = bench.connect()) {
                            for (int n = 0; n < each; n++) {
                                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                                good.addAndGet(wire.readResponse().status() == 200 ? 1 : 0);
                            }
                        } finally {
                            done.countDown();
                        }
                    });
        }
        assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
        return good.get();
    }

    @ParameterizedTest
    @CsvSource({"h1, 1", "h1, 3", "h2, 4", "h2, 5"})
    void noServerEverHasMoreThanItMay(String version, int connections) throws Exception {
        try (Server server = version.equals("h1") ? counting() : countingH2();
                Bench bench = Bench.with(OPTIONS, "", limits(version, connections), server)) {
            assertThat(ask(bench, 24, 25)).isEqualTo(24 * 25);
            assertThat(most).hasValueBetween(1, connections);
        }
    }

    /** A connection that rests on one event loop would otherwise be in another one's way. */
    @Test
    void whatRestsIsGivenUpForWhoHasNone() {
        try (Server server = counting();
                Bench bench = Bench.with(OPTIONS, "", limits("h1", 1), server)) {
            for (int i = 0; i < 4 * LOOPS; i++) {
                assertThat(bench.get("/").text()).isEqualTo("hello");
            }
            assertThat(most).hasValue(1);
            assertThat(server.connections()).isBetween(2, 4 * LOOPS);
        }
    }

    @Test
    void aWebSocketHasItsConnectionToItself() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(TunnelIT.SWITCHING);
                            wire.isEnded();
                        });
                Bench bench = Bench.with(OPTIONS, "", limits("h1", 1), server);
                Wire first = bench.connect();
                Wire second = bench.connect()) {
            first.send(TunnelIT.UPGRADE);
            assertThat(first.readHead()).contains(" 101 ");
            second.send(TunnelIT.UPGRADE);
            await().until(() -> bench.engine.upstreams().getFirst().waiting().now() == 1);
            assertThat(established(server.port())).isEqualTo(1);
            first.hangUp();
            assertThat(second.readHead()).contains(" 101 ");
        }
    }

    @Test
    void aStreamOfBytesWaitsForTheEndOfAnother() {
        try (Server server = Server.of(StreamIT::echo);
                Bench bench = new Bench(OPTIONS)) {
            bench.apply(
                    bench.listener("    kind: tcp\n    upstream: app")
                            + bench.upstream(limits("h1", 1), server));
            try (Wire first = bench.connect()) {
                first.send("one");
                assertThat(first.readText(3)).isEqualTo("one");
                try (Wire second = bench.connect()) {
                    second.send("two");
                    await().until(() -> bench.engine.upstreams().getFirst().waiting().now() == 1);
                    assertThat(server.connections()).isEqualTo(1);
                    first.hangUp();
                    assertThat(second.readText(3)).isEqualTo("two");
                }
            }
        }
    }

    /** Streams have a connection each, whatever the version that requests are sent in. */
    @Test
    void streamsAndRequestsHaveOneLimit() {
        try (Server server = Server.of(StreamIT::echo);
                Bench bench = new Bench(OPTIONS)) {
            String limits =
                    "    version: h2\n    limits: {connections: %d, queueTimeout: 100ms}"
                            .formatted(LOOPS);
            bench.apply(
                    bench.listener("    kind: tcp\n    upstream: app")
                            + bench.upstream(limits, server));
            Wire[] wires = new Wire[LOOPS];
            for (int i = 0; i < LOOPS; i++) {
                wires[i] = bench.connect();
                wires[i].send("one");
                assertThat(wires[i].readText(3)).isEqualTo("one");
            }
            try (Wire late = bench.connect()) {
                assertThat(late.isEnded()).isTrue();
            }
            assertThat(server.connections()).isEqualTo(LOOPS);
            Stream.of(wires).forEach(Wire::close);
        }
    }

    @Test
    void whoFindsNoConnectionInTimeIsToldSo() {
        CountDownLatch never = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire, H2Wire.MAX_STREAMS, 1);
                            h2.await(H2Wire.HEADERS);
                            self.requests.add(new Wire.Message("GET / HTTP/2", "", ""));
                            never.await();
                        });
                Bench bench =
                        Bench.with(
                                new EngineOptions("proxy-under-test", Transport.best(), 1),
                                "",
                                "    version: h2\n"
                                        + "    limits: {connections: 1, queueTimeout: 100ms}",
                                server);
                Wire first = bench.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> server.requests.size() == 1);
            Wire.Message late = bench.get("/");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.field("sluice-reason").orElse("")).contains("queue-timeout");
            assertThat(bench.engine.upstreams().getFirst().endpoints().getFirst().why())
                    .containsExactly("full: 1 of 1 connections");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** The stream that ends makes room for who waits for a connection. */
    @Test
    void whoWaitsForAConnectionTakesAStreamThatComesFree() {
        Semaphore answers = new Semaphore(0);
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire, H2Wire.MAX_STREAMS, 1);
                            while (true) {
                                int stream = h2.await(H2Wire.HEADERS).stream();
                                self.requests.add(new Wire.Message("GET / HTTP/2", "", ""));
                                answers.acquire();
                                h2.head(stream, true, ":status", "204");
                            }
                        });
                Bench bench =
                        Bench.with(
                                new EngineOptions("proxy-under-test", Transport.best(), 1),
                                "",
                                limits("h2", 1),
                                server);
                Wire first = bench.connect();
                Wire second = bench.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> server.requests.size() == 1);
            second.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> bench.engine.upstreams().getFirst().requests() == 2);
            answers.release(2);
            assertThat(first.readResponse().status()).isEqualTo(204);
            assertThat(second.readResponse().status()).isEqualTo(204);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"h1", "h2"})
    void anotherLimitHoldsFromThenOn(String version) throws Exception {
        try (Server server = version.equals("h1") ? counting() : countingH2();
                Bench bench = Bench.with(OPTIONS, "", limits(version, 2 * LOOPS), server)) {
            assertThat(ask(bench, 24, 10)).isEqualTo(240);
            bench.apply(
                    bench.listener("")
                            + bench.upstream(limits(version, LOOPS), server)
                            + "routes: [{upstream: app}]");
            await().until(() -> established(server.port()) <= LOOPS);
            most.set(0);
            assertThat(ask(bench, 24, 10)).isEqualTo(240);
            assertThat(most).hasValueBetween(1, LOOPS);
        }
    }

    @Test
    void checksDoNotCount() {
        try (Server server = counting();
                Bench bench =
                        Bench.with(
                                OPTIONS,
                                "",
                                limits("h1", 1)
                                        + "\n    check: {path: /up, interval: 100ms, rise: 1,"
                                        + " fall: 1}",
                                server)) {
            await().until(() -> server.requests.size() >= 1);
            try (Wire wire = bench.connect()) {
                for (int i = 0; i < 5; i++) {
                    int before = server.requests.size();
                    wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                    assertThat(wire.readResponse().status()).isEqualTo(200);
                    await().until(() -> server.requests.size() >= before + 2);
                }
            }
            assertThat(most).hasValueBetween(1, 2);
            assertThat(server.requests)
                    .extracting(request -> request.firstLine().split(" ", -1)[1])
                    .contains("/", "/up");
        }
    }

    @Test
    void connectionsThatFailGiveTheirPlaceBack() throws Exception {
        int port = Bench.freePort();
        try (Bench bench = new Bench(OPTIONS)) {
            String site =
                    bench.listener("")
                            + "upstreams:\n  - name: app\n    endpoints: [\"127.0.0.1:%d\"]\n%s\n"
                                    .formatted(port, limits("h1", 1))
                            + "    ejection: {failures: 0}\nroutes: [{upstream: app}]";
            bench.apply(site);
            for (int i = 0; i < 20; i++) {
                assertThat(bench.get("/").status()).isEqualTo(502);
            }
        }
    }

    @Test
    void http2NeedsOneForEachEventLoop() {
        try (Server server = counting();
                Bench bench = new Bench(OPTIONS)) {
            String site =
                    bench.listener("")
                            + bench.upstream(limits("h2", LOOPS - 1), server)
                            + "routes: [{upstream: app}]";
            L7Config config = L7Config.parse("test.yaml", site).orElseThrow();
            assertThat(bench.engine.apply("test.yaml", config))
                    .extracting(Problem::toString)
                    .containsExactly(
                            "test.yaml: upstreams[0].limits.connections: 3 is less than one for"
                                    + " each of the 4 event loops of this proxy, which HTTP/2"
                                    + " needs; allow 4 or more, or use version: h1");
        }
    }
}
