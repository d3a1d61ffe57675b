package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.buffer.BufferUse;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Requests that are collected before their server hears of them. */
final class BufferIT {
    private static final int KIB = 1 << 10;
    private static final String POST = "POST / HTTP/1.1\r\nHost: test\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String MEMORY = "{memory: 64KiB, file: 0B}";
    private static final String FILE = "{memory: 4KiB, file: 4MiB}";

    @TempDir Path temporary;
    private Path directory;

    @BeforeEach
    void nameDirectory() {
        directory = temporary.resolve("buffers");
    }

    private static String posted(int bytes) {
        return POST + "Content-Length: " + bytes + "\r\n\r\n";
    }

    private static String body(int bytes) {
        StringBuilder text = new StringBuilder(bytes + 10);
        for (int i = 0; text.length() < bytes; i++) {
            text.append(i).append('.');
        }
        text.setLength(bytes);
        return text.toString();
    }

    private Bench bench(String buffer, String upstream, Server... servers) {
        Bench bench = new Bench(EngineOptions.defaults("proxy-under-test").withBuffers(directory));
        bench.apply(yaml(bench, "", buffer, upstream, servers));
        return bench;
    }

    private static String yaml(
            Bench bench, String top, String buffer, String upstream, Server... servers) {
        return top
                + bench.listener(Http2IT.H2)
                + bench.upstream(upstream, servers)
                + "routes: [{upstream: app, requestTimeout: 20s, buffer: "
                + buffer
                + "}]";
    }

    private List<Path> files() throws IOException {
        try (var list = Files.list(directory)) {
            return list.toList();
        }
    }

    private static void awaitEmpty(Bench bench) {
        await().until(() -> {
            BufferUse use = bench.engine.buffers();
            return use.memoryBytes() == 0 && use.fileBytes() == 0 && use.files() == 0;
        });
        await().until(() -> bench.engine.load().requests() == 0);
    }

    // ---- what it is for

    /**
     * What a request costs its server, by the server's own clock: from its first byte to its end.
     */
    private static Server timing(List<Long> millis) {
        return Server.of((wire, self) -> {
            while (true) {
                String first = wire.readText(1);
                long began = System.nanoTime();
                String head = first + wire.readHead();
                int length =
                        Integer.parseInt(
                                new Wire.Message(head, "", "").field("content-length").orElse("0"));
                String body = wire.readText(length);
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                wire.send(Server.ok(body));
            }
        });
    }

    @Test
    void aDribblingClientCostsItsServerMilliseconds() {
        List<Long> millis = new CopyOnWriteArrayList<>();
        try (Server server = timing(millis);
                Bench bench = bench(MEMORY, "", server);
                Wire wire = bench.connect()) {
            wire.send(posted(20));
            long began = System.nanoTime();
            for (int i = 0; i < 19; i++) {
                wire.send("x");
                assertThat(wire.isQuietFor(100)).isTrue();
            }
            long dribbled = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertThat(server.connections()).as("not even a connection").isZero();
            wire.send("y");
            assertThat(wire.readResponse().text()).isEqualTo("x".repeat(19) + "y");
            assertThat(millis).hasSize(1);
            assertThat(dribbled).isGreaterThan(1_800);
            assertThat(millis.getFirst()).isLessThan(dribbled / 10);
        }
    }

    @Test
    void aDribblingStreamOfHttp2CostsItsServerMilliseconds() {
        List<Long> millis = new CopyOnWriteArrayList<>();
        try (Server server = timing(millis);
                Bench bench = bench(MEMORY, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false, "content-length", "20");
            long began = System.nanoTime();
            for (int i = 0; i < 19; i++) {
                h2.data(1, false, "x");
                assertThat(h2.poll(frame -> frame.stream() == 1)).isEmpty();
            }
            long dribbled = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertThat(server.connections()).isZero();
            h2.data(1, true, "y");
            assertThat(h2.reply(1).text()).isEqualTo("x".repeat(19) + "y");
            assertThat(millis.getFirst()).isLessThan(dribbled / 10);
        }
    }

    @Test
    void theEndOfAnHttp2RequestMayComeAlone() {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(MEMORY, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.data(1, false, "hello");
            assertThat(h2.poll(frame -> frame.stream() == 1)).isEmpty();
            assertThat(server.connections()).isZero();
            h2.head(1, true, "x-sum", "7");
            assertThat(h2.reply(1).text()).isEqualTo("hello");
            assertThat(server.requests.getFirst().trailers()).isEqualTo("x-sum: 7\r\n");
        }
    }

    @Test
    void requestsWithoutBodyGoStraightThrough() {
        try (Server server = Server.saying("hello");
                Bench bench = bench(MEMORY, "", server)) {
            assertThat(bench.get("/").text()).isEqualTo("hello");
        }
    }

    // ---- files

    @Test
    void aLargeBodyWaitsInAFileThatHasNoName() throws IOException {
        String body = body(KIB * KIB);
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(FILE, "", server);
                Wire wire = bench.connect()) {
            wire.send(posted(body.length()));
            wire.send(body.substring(0, 1_000_000));
            await().until(() -> bench.engine.buffers().fileBytes() > 900_000);
            assertThat(bench.engine.buffers().files()).isEqualTo(1);
            assertThat(bench.engine.buffers().memoryBytes()).isLessThan(300_000);
            assertThat(files()).as("a crash would leave nothing behind").isEmpty();
            assertThat(Files.getPosixFilePermissions(directory))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(server.connections()).isZero();
            wire.send(body.substring(1_000_000));
            assertThat(wire.readResponse().text()).isEqualTo(body);
            awaitEmpty(bench);
        }
    }

    @Test
    void aLargeBodyOfHttp2WaitsInAFile() {
        int frames = 64;
        String data = body(16 * KIB);
        try (Server server = Server.answering(request -> Server.ok("got " + request.text()));
                Bench bench = bench(FILE, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            int window = 65_535;
            for (int i = 0; i < frames; i++) {
                while (window < data.length()) {
                    window +=
                            h2.await(f -> f.type() == H2Wire.WINDOW_UPDATE && f.stream() == 1)
                                    .word(0);
                }
                h2.data(1, i == frames - 1, data);
                window -= data.length();
                if (i == frames - 2) {
                    await().until(() -> bench.engine.buffers().fileBytes() > 500_000);
                    assertThat(server.connections()).isZero();
                }
            }
            // Our own window is 65,535 bytes: the rest of the answer waits for it.
            assertThat(h2.awaitHead(1).field(":status")).isEqualTo("200");
            assertThat(server.requests.getFirst().text()).isEqualTo(data.repeat(frames));
            h2.reset(1, H2Wire.CANCEL);
            awaitEmpty(bench);
        }
    }

    @Test
    void aServerGetsTheFileAsFastAsItReads() {
        String body = body(8 << 20);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            goOn.await();
                            wire.send(
                                    Server.ok(
                                            Boolean.toString(
                                                    body.equals(wire.readText(body.length())))));
                        });
                Bench bench = bench("{memory: 16KiB, file: 16MiB}", "", server);
                Wire wire = bench.connect()) {
            wire.send(posted(body.length()));
            wire.send(body);
            await().until(() -> server.connections() == 1);
            assertThat(wire.isQuietFor(300)).isTrue();
            assertThat(bench.engine.buffers().fileBytes()).isGreaterThan(7 << 20);
            assertThat(bench.engine.buffers().memoryBytes()).isLessThan(KIB * KIB);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("true");
            awaitEmpty(bench);
        }
    }

    @Test
    void whatACrashLeftBehindIsSweptAtTheStart() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("left.request"), "secret");
        Files.writeString(directory.resolve("other"), "not ours");
        try (Server server = Server.saying("hello");
                Bench bench = bench(FILE, "", server)) {
            assertThat(bench.get("/").text()).isEqualTo("hello");
            assertThat(files()).containsExactly(directory.resolve("other"));
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsAProblemOfTheConfiguration() throws IOException {
        Files.writeString(directory, "a file");
        try (Server server = Server.saying("hello");
                Bench bench = bench(MEMORY, "", server)) {
            L7Config wanted =
                    L7Config.parse("l7.yaml", yaml(bench, "", FILE, "", server)).orElseThrow();
            List<Problem> problems = bench.engine.apply("l7.yaml", wanted);
            assertThat(problems).singleElement().asString().contains("routes[].buffer", "buffers");
            assertThat(bench.get("/").text()).as("the old one serves").isEqualTo("hello");
        }
    }

    @Test
    void aFileThatFailsFailsItsRequestAndNoOther() throws IOException {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(FILE, "", server);
                Wire wire = bench.connect();
                Wire small = bench.connect()) {
            Files.delete(directory);
            wire.send(posted(100 * KIB) + body(50 * KIB));
            FailureIT.assertFailure(wire.readResponse(), 503, "buffer-failed");
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.buffers().failed()).isEqualTo(1);
            small.send(posted(5) + "hello");
            assertThat(small.readResponse().text()).isEqualTo("hello");
            awaitEmpty(bench);
        }
    }

    // ---- bounds

    @Test
    void anAnnouncedBodyBeyondTheBoundIsRefusedAtOnce() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(FILE, "", server);
                Wire wire = bench.connect();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            wire.send(posted(5 << 20));
            FailureIT.assertFailure(wire.readResponse(), 413, "body-too-large");
            assertThat(wire.isEnded()).isTrue();
            h2.request(1, "POST", "/", false, "content-length", "5000000");
            assertThat(h2.reply(1).status()).isEqualTo(413);
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.buffers().refused()).isEqualTo(2);
            awaitEmpty(bench);
        }
    }

    @Test
    void aBodyThatGrowsBeyondTheBoundIsRefused() {
        try (Server server = Server.saying("seen");
                Bench bench = bench("{memory: 4KiB, file: 8KiB}", "", server);
                Wire wire = bench.connect();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            wire.send(CHUNKED + "2000\r\n" + body(0x2000) + "\r\n2000\r\n" + body(0x2000));
            FailureIT.assertFailure(wire.readResponse(), 413, "body-too-large");
            h2.request(1, "POST", "/", false);
            h2.data(1, false, body(16 * KIB));
            assertThat(h2.reply(1).status()).isEqualTo(413);
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.buffers().refused()).isEqualTo(2);
            awaitEmpty(bench);
        }
    }

    @Test
    void aBodyBeyondTheBoundIsStreamedIfTheRouteSaysSo() {
        String body = body(300 * KIB);
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench("{memory: 4KiB, file: 64KiB, beyond: stream}", "", server);
                Wire wire = bench.connect()) {
            wire.send(posted(body.length()) + body.substring(0, 60 * KIB));
            await().until(() -> bench.engine.buffers().fileBytes() > 40_000);
            assertThat(server.connections()).isZero();
            wire.send(body.substring(60 * KIB, 100 * KIB));
            await().until(() -> server.connections() == 1);
            await().until(() -> bench.engine.buffers().memoryBytes() == 0);
            wire.send(body.substring(100 * KIB));
            assertThat(wire.readResponse().text()).isEqualTo(body);
            assertThat(bench.engine.buffers().refused()).isEqualTo(1);
            awaitEmpty(bench);
        }
    }

    @Test
    void allRequestsTogetherHaveABound() {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(MEMORY, "", server);
                Wire first = bench.connect();
                Wire second = bench.connect()) {
            bench.apply(
                    yaml(
                            bench,
                            "buffers: {memory: 1MiB, file: 0B}\n",
                            "{memory: 1MiB, file: 0B}",
                            "",
                            server));
            first.send(posted(KIB * KIB) + body(900 * KIB));
            await().until(() -> bench.engine.buffers().memoryBytes() == 900 * KIB);
            second.send(posted(500 * KIB) + body(200 * KIB));
            FailureIT.assertFailure(second.readResponse(), 503, "overloaded");
            assertThat(bench.engine.buffers().crowdedOut()).isEqualTo(1);
            assertThat(server.connections()).isZero();
            first.send(body(124 * KIB));
            assertThat(first.readResponse().text()).hasSize(KIB * KIB);
            awaitEmpty(bench);
        }
    }

    // ---- the client

    @Test
    void theProxyItselfAsksForTheBodyThatTheClientHoldsBack() {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(MEMORY, "", server);
                Wire wire = bench.connect()) {
            wire.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(wire.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(server.connections()).isZero();
            wire.send("hello");
            assertThat(wire.readResponse().text()).isEqualTo("hello");
            assertThat(server.requests.getFirst().field("expect")).isEmpty();
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(FILE, "", server)) {
            try (Wire wire = bench.connect()) {
                wire.send(posted(KIB * KIB) + body(100 * KIB));
                await().until(() -> bench.engine.buffers().files() == 1);
            }
            awaitEmpty(bench);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aStreamThatIsTakenBackLeavesNothing() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(FILE, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.data(1, false, body(16 * KIB));
            await().until(() -> bench.engine.buffers().files() == 1);
            h2.reset(1, H2Wire.CANCEL);
            awaitEmpty(bench);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void theTimeOfARequestThatIsCollectedIsItsClients() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(MEMORY, "", server);
                Wire wire = bench.connect()) {
            bench.apply(
                    bench.listener("")
                            + bench.upstream("", server)
                            + "routes: [{upstream: app, requestTimeout: 200ms, buffer: "
                            + MEMORY
                            + "}]");
            wire.send(posted(10) + "hello");
            FailureIT.assertFailure(wire.readResponse(), 408, "client-timeout");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void collectedRequestsDoNotCountAmongThoseOfTheUpstream() {
        try (Server server = Server.saying("hello");
                Bench bench = bench(MEMORY, "    maxRequests: 1", server);
                Wire slow = bench.connect()) {
            slow.send(posted(10) + "hello");
            await().until(() -> bench.engine.buffers().memoryBytes() == 5);
            assertThat(bench.get("/").text()).isEqualTo("hello");
            slow.send("again");
            assertThat(slow.readResponse().text()).isEqualTo("hello");
        }
    }

    // ---- repeating

    /** What is kept can be sent again, from the file as well. */
    @Test
    void aBufferedRequestThatWasRefusedIsAskedAgainWithItsBody() {
        String body = body(60 * KIB);
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                            bodies.add(h2.body(head.stream()));
                            if (bodies.size() == 1) {
                                h2.reset(head.stream(), H2Wire.REFUSED_STREAM);
                            } else {
                                h2.head(head.stream(), true, ":status", "204");
                            }
                            wire.readToEnd();
                        });
                Bench bench = bench(FILE, "    version: h2", server);
                Wire wire = bench.connect()) {
            wire.send(posted(body.length()) + body);
            assertThat(wire.readResponse().status()).isEqualTo(204);
            assertThat(bodies).containsExactly(body, body);
            awaitEmpty(bench);
        }
    }
}
