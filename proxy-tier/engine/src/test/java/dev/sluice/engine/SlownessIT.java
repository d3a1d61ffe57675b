package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.http.Slowness;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** Clients that move, but not as fast as they have to. */
final class SlownessIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n";
    private static final String HURRIED =
            Http2IT.H2 + "\n    rates: {request: 1KiB, response: 1KiB, window: 400ms}";

    private static Server swallowing() {
        return Server.of((wire, self) -> {
            wire.readHead();
            wire.readToEnd();
        });
    }

    static void awaitSlow(Bench bench, Slowness kind) {
        await().until(() -> Long.valueOf(1).equals(bench.engine.figures().slow().get(kind)));
        bench.engine
                .figures()
                .slow()
                .forEach((other, count) ->
                        assertThat(count).as(other.name()).isEqualTo(other == kind ? 1 : 0));
        await().until(() -> bench.engine.load().requests() == 0);
    }

    // ---- bodies

    @Test
    void aBodyThatDribblesIsRefusedThoughItMoves() {
        try (Server server = swallowing();
                Bench bench = Bench.with(HURRIED, "", server);
                Wire wire = bench.connect()) {
            wire.send(POST);
            for (int i = 0; i < 100 && !wire.hasBytesWithin(50); i++) {
                wire.send("x");
            }
            FailureIT.assertFailure(wire.readResponse(), 408, "client-timeout");
            awaitSlow(bench, Slowness.REQUEST_RATE);
            await().until(() -> server.closed() == 1);
        }
    }

    @Test
    void aBodyOfHttp2ThatDribblesIsRefused() {
        try (Server server = swallowing();
                Bench bench = Bench.with(HURRIED, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            for (int i = 0; i < 100 && !h2.wire().hasBytesWithin(50); i++) {
                h2.data(1, false, "x");
            }
            assertThat(h2.reply(1).status()).isEqualTo(408);
            awaitSlow(bench, Slowness.REQUEST_RATE);
            await().until(() -> server.closed() == 1);
        }
    }

    /** However long it takes: there is no cap on the whole. */
    @Test
    void aSlowBodyThatIsFastEnoughGoesThrough() {
        String relaxed = Http2IT.H2 + "\n    rates: {request: 100B, window: 200ms}";
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = Bench.with(relaxed, "", server);
                Wire wire = bench.connect();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            wire.send(POST);
            h2.request(1, "POST", "/", false);
            for (int i = 0; i < 20; i++) {
                wire.send("x".repeat(50));
                h2.data(1, i == 19, "x".repeat(50));
                assertThat(i < 19 && wire.hasBytesWithin(60)).isFalse();
            }
            assertThat(wire.readResponse().text()).hasSize(1000);
            assertThat(h2.reply(1).text()).hasSize(1000);
        }
    }

    /** The server may wait for the client, and the client for the server. */
    @Test
    void aConversationIsNotHurried() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            wire.readToEnd();
                        });
                Bench bench = Bench.with(HURRIED, "", server);
                Wire wire = bench.connect();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            wire.send(POST);
            h2.request(1, "POST", "/", false);
            assertThat(wire.readHead()).startsWith("HTTP/1.1 200");
            assertThat(h2.awaitHead(1).field(":status")).isEqualTo("200");
            assertThat(wire.isQuietFor(1200)).isTrue();
            assertThat(h2.poll(frame -> frame.stream() == 1)).isEmpty();
        }
    }

    @Test
    void aCallOfGrpcMayWaitForItsClient() {
        try (Server server = swallowing();
                Bench bench = Bench.with(HURRIED, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false, "content-type", "application/grpc");
            for (int i = 0; i < 4; i++) {
                assertThat(h2.poll(frame -> frame.stream() == 1)).isEmpty();
            }
            assertThat(bench.engine.load().requests()).isEqualTo(1);
        }
    }

    /** "Hello" is no beginning of a message. */
    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\3\350", "hello"})
    void whatACallOfGrpcHasBegunMustCome(String beginning) {
        try (Server server = swallowing();
                Bench bench = Bench.with(HURRIED, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false, "content-type", "application/grpc");
            h2.data(1, false, beginning);
            for (int i = 0; i < 100 && !h2.wire().hasBytesWithin(50); i++) {
                h2.data(1, false, "x");
            }
            assertThat(h2.reply(1).field("grpc-message")).contains("client-timeout");
            awaitSlow(bench, Slowness.REQUEST_RATE);
            await().until(() -> server.closed() == 1);
        }
    }

    @Test
    void aCallOfGrpcMayWaitBetweenItsMessages() {
        try (Server server = swallowing();
                Bench bench = Bench.with(HURRIED, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false, "content-type", "application/grpc");
            for (int i = 0; i < 4; i++) {
                h2.data(1, false, "\0\0\0\0\1x");
                assertThat(h2.poll(frame -> frame.stream() == 1 && frame.type() != 8)).isEmpty();
            }
            assertThat(bench.engine.load().requests()).isEqualTo(1);
        }
    }

    // ---- responses

    private static Server endless() {
        return Server.of((wire, self) -> {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n");
            while (true) {
                wire.send(new byte[65536]);
            }
        });
    }

    @Test
    void aReaderThatSipsIsCutOffThoughItMoves() {
        try (Server server = endless();
                Bench bench =
                        Bench.with(
                                "    rates: {request: 0B, response: 1MiB, window: 2s}",
                                "",
                                server);
                Wire wire = Wire.narrow(bench.port)) {
            wire.send(GET);
            // The proxy's kernel takes more only when a third of its buffer, of megabytes, is free.
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        wire.readBytes(4096);
                        return server.closed() == 1;
                    });
            awaitSlow(bench, Slowness.RESPONSE_RATE);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void aWindowThatOpensByCrumbsIsCutOff() {
        try (Server server = endless();
                Bench bench = Bench.with(HURRIED, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            for (int i = 0; i < 200 && server.closed() == 0; i++) {
                h2.window(1, 1);
                h2.window(0, 1);
                h2.wire().hasBytesWithin(20);
                h2.poll(frame -> frame.type() == H2Wire.DATA);
            }
            assertThat(h2.reply(1).reset()).isPresent();
            awaitSlow(bench, Slowness.RESPONSE_RATE);
            assertThat(bench.engine.load().connections()).as("others may go on").isEqualTo(1);
        }
    }

    @Test
    void aWindowThatStaysShutIsCutOff() {
        try (Server server = endless();
                Bench bench =
                        Bench.with(
                                Http2IT.H2
                                        + "\n    timeouts: {body: 300ms}"
                                        + "\n    rates: {response: 0B}",
                                "",
                                server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            assertThat(h2.reply(1).reset()).isPresent();
            awaitSlow(bench, Slowness.RESPONSE_STOPPED);
        }
    }

    @Test
    void aSlowServerMakesNoSlowReader() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n");
                            for (int i = 0; i < 30; i++) {
                                wire.send("x");
                                wire.isQuietFor(50);
                            }
                            wire.readToEnd();
                        });
                Bench bench = Bench.with(HURRIED, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            assertThat(bench.get("/").text()).isEqualTo("x".repeat(30));
            assertThat(h2.reply(1).text()).isEqualTo("x".repeat(30));
        }
    }

    // ---- heads, tunnels

    @Test
    void slowHeadsAreCounted() {
        try (Server server = Server.saying("seen");
                Bench bench =
                        Bench.with(
                                Http2IT.H2 + "\n    timeouts: {clientHeader: 200ms}", "", server)) {
            try (Wire wire = bench.connect()) {
                wire.send("GET / HTTP/1.1\r\nHost: te");
                FailureIT.assertFailure(wire.readResponse(), 408, "client-timeout");
            }
            awaitSlow(bench, Slowness.HEAD);
            try (H2Wire h2 = H2Wire.connect(bench.port)) {
                // Nothing may come between the pieces of a head.
                h2.answers = false;
                h2.send(H2Wire.HEADERS, H2Wire.END_STREAM, 1);
                assertThat(h2.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            }
            await().until(() ->
                    Long.valueOf(2).equals(bench.engine.figures().slow().get(Slowness.HEAD)));
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void aTunnelThatMovesOneWayStaysOpenAndAStillOneDoesNot() {
        int beats = 20;
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.send(
                                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                            + "Upgrade: websocket\r\n\r\n");
                            for (int i = 0; i < beats; i++) {
                                wire.send("x");
                                wire.isQuietFor(50);
                            }
                            wire.readToEnd();
                        });
                Bench bench = Bench.with("    timeouts: {tunnel: 400ms}", "", server);
                Wire wire = bench.connect()) {
            wire.send(
                    "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\n\r\n");
            wire.readHead();
            assertThat(wire.readText(beats)).isEqualTo("x".repeat(beats));
            assertThat(wire.isEnded()).isTrue();
            awaitSlow(bench, Slowness.TUNNEL_STOPPED);
        }
    }
}
