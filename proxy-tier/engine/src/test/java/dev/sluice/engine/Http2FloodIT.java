package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.http.Flood;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What costs its sender nothing is bounded, counted, and ends the connection. */
final class Http2FloodIT {
    private static final int PLENTY = 40_000;

    /** A connection that was not used yet could be kept. */
    private static final String NO_RESTS = "    keepAlive: {connections: 0}";

    private static void ends(Flood kind, Consumer<H2Wire> attack) {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            try {
                attack.accept(h2);
            } catch (UncheckedIOException e) {
                // The proxy stopped reading before we stopped sending.
                assertThat(e).hasMessageMatching(".*(Connection reset|Broken pipe).*");
            }
            await().until(() -> Long.valueOf(1).equals(bench.engine.figures().floods().get(kind)));
            await().until(() -> bench.engine.load().isEmpty());
            bench.engine
                    .figures()
                    .floods()
                    .forEach((other, count) -> assertThat(count).isEqualTo(other == kind ? 1 : 0));
        }
    }

    @Test
    void rapidResetIsToldToCalmDown() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.readToEnd();
                        });
                Bench bench = Bench.with(Http2IT.H2, NO_RESTS, server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            for (int stream = 1; stream <= 401; stream += 2) {
                h2.get(stream, "/");
                h2.reset(stream, H2Wire.CANCEL);
            }
            assertThat(h2.goAwayAndEnd()).isEqualTo(H2Wire.ENHANCE_YOUR_CALM);
            await().until(() -> bench.engine.load().isEmpty());
            assertThat(bench.engine.figures().floods().get(Flood.RESETS)).isEqualTo(1);
            await().until(() -> server.closed() == server.connections());
        }
    }

    /** 200 in half a minute are a client that changes its mind. */
    @Test
    void someResetsAreFine() {
        try (Bench bench = Http2IT.bench();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            for (int stream = 1; stream < 401; stream += 2) {
                h2.get(stream, "/");
                h2.reset(stream, H2Wire.CANCEL);
            }
            h2.get(401, "/");
            assertThat(h2.reply(401).status()).isEqualTo(503);
            assertThat(bench.engine.figures().floods().get(Flood.RESETS)).isZero();
        }
    }

    /** The client makes us reset its own requests: a window of none is an error of the stream. */
    @Test
    void resetsThatWeAreMadeToSendCountAsWell() {
        ends(
                Flood.FORCED_RESETS,
                h2 -> {
                    for (int stream = 1; stream <= 403; stream += 2) {
                        h2.get(stream, "/");
                        h2.window(stream, 0);
                    }
                });
    }

    @Test
    void aHeadInCrumbsIsCutShort() {
        ends(
                Flood.CONTINUATIONS,
                h2 -> {
                    h2.send(H2Wire.HEADERS, H2Wire.END_STREAM, 1);
                    h2.flood(PLENTY, H2Wire.frame(H2Wire.CONTINUATION, 0, 1));
                });
    }

    @Test
    void pingsAreBounded() {
        ends(Flood.PINGS, h2 -> h2.flood(PLENTY, H2Wire.frame(H2Wire.PING, 0, 0, new byte[8])));
    }

    @Test
    void settingsAreBounded() {
        ends(Flood.SETTINGS, h2 -> h2.flood(PLENTY, H2Wire.frame(H2Wire.SETTINGS, 0, 0)));
    }

    @Test
    void prioritiesAreBounded() {
        ends(
                Flood.PRIORITIES,
                h2 ->
                        h2.flood(
                                PLENTY,
                                H2Wire.frame(H2Wire.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1})));
    }

    @Test
    void unknownFramesAreBounded() {
        ends(Flood.UNKNOWN_FRAMES, h2 -> h2.flood(PLENTY, H2Wire.frame(99, 0, 0)));
    }

    @Test
    void windowUpdatesAreBounded() {
        ends(
                Flood.WINDOW_UPDATES,
                h2 -> h2.flood(PLENTY, H2Wire.frame(H2Wire.WINDOW_UPDATE, 0, 0, H2Wire.word(1))));
    }

    @Test
    void emptyDataIsBounded() {
        ends(
                Flood.EMPTY_DATA,
                h2 -> {
                    h2.request(1, "POST", "/", false);
                    h2.flood(PLENTY, H2Wire.frame(H2Wire.DATA, 0, 1));
                });
    }

    /** Heads are not held back by any window: who reads none makes us keep those of all streams. */
    @Test
    void answersThatNobodyReadsAreBounded() {
        int atOnce = 30;
        int most = 10_000;
        String large = "HTTP/1.1 200 OK\r\nX-Large: " + "x".repeat(14_000) + "\r\n\r\n";
        try (Server server = Server.answering(request -> large);
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.over(Wire.narrow(bench.port))) {
            AtomicInteger sent = new AtomicInteger();
            try {
                while (!isFlooded(bench) && sent.get() < most) {
                    for (int i = 0; i < atOnce; i++) {
                        h2.request(2 * sent.getAndIncrement() + 1, "HEAD", "/", true);
                    }
                    await().until(() -> isFlooded(bench) || server.requests.size() >= sent.get());
                }
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageMatching(".*(Connection reset|Broken pipe).*");
            }
            assertThat(isFlooded(bench)).isTrue();
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    private static boolean isFlooded(Bench bench) {
        return Long.valueOf(1).equals(bench.engine.figures().floods().get(Flood.UNREAD_REPLIES));
    }

    /** A long field in the table, named over and over: small on the wire, large once read. */
    @Test
    void aCompressionBombIsRefusedWithoutUnpackingIt() {
        try (Server server = Server.saying("seen");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            byte[] plain = H2Wire.block("x-bomb", "b".repeat(3_900));
            // The literal is put into the table; then its index, again and again.
            plain[0] = 0x40;
            bomb.writeBytes(
                    H2Wire.block(
                            ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"));
            bomb.writeBytes(plain);
            for (int i = 0; i < 8_000; i++) {
                bomb.write(0x80 | 62);
            }
            h2.send(H2Wire.HEADERS, H2Wire.END_HEADERS | H2Wire.END_STREAM, 1, bomb.toByteArray());
            assertThat(h2.reply(1).status()).isEqualTo(431);
            assertThat(server.requests).isEmpty();
            h2.get(3, "/");
            assertThat(h2.reply(3).status()).isEqualTo(200);
        }
    }
}
