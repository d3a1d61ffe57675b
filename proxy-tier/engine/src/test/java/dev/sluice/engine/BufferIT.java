package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Requests that are collected before their server hears of them. */
final class BufferIT extends Buffering {
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

    @Test
    void aLargeBodyWaitsInAFileThatHasNoName() throws IOException {
        String body = body(KIB * KIB);
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(FILE, "", server);
                Wire wire = bench.connect()) {
            wire.send(posted(body.length()));
            wire.send(body.substring(0, 1_000_000));
            await().until(() -> bench.engine.figures().buffers().fileBytes() > 900_000);
            assertThat(bench.engine.figures().buffers().files()).isEqualTo(1);
            assertThat(bench.engine.figures().buffers().memoryBytes()).isLessThan(300_000);
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
                    await().until(() -> bench.engine.figures().buffers().fileBytes() > 500_000);
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
            assertThat(bench.engine.figures().buffers().fileBytes()).isGreaterThan(7 << 20);
            assertThat(bench.engine.figures().buffers().memoryBytes()).isLessThan(KIB * KIB);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("true");
            awaitEmpty(bench);
        }
    }

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
            await().until(() -> bench.engine.figures().buffers().memoryBytes() == 5);
            assertThat(bench.get("/").text()).isEqualTo("hello");
            slow.send("again");
            assertThat(slow.readResponse().text()).isEqualTo("hello");
        }
    }

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
