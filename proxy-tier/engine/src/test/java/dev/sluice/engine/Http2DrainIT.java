package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Two steps to the end of a connection, and what is on its way arrives. */
final class Http2DrainIT {
    private static final int ANY_STREAM = Integer.MAX_VALUE;

    @Test
    void aDrainSaysGoodbyeAtOnceAndLosesNoRequest() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Server server =
                        Server.answering(request -> {
                            waitFor(goOn);
                            return Server.ok("done");
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.answers = false;
            h2.get(1, "/");
            await().until(() -> server.requests.size() == 1);
            bench.engine.drain();
            assertThat(h2.await(H2Wire.GOAWAY).word(0)).isEqualTo(ANY_STREAM);
            H2Wire.Frame ping =
                    h2.await(f -> f.type() == H2Wire.PING && (f.flags() & H2Wire.ACK) == 0);
            // It crossed the first goodbye: it is served.
            h2.get(3, "/");
            h2.send(H2Wire.PING, H2Wire.ACK, 0, ping.payload());
            assertThat(h2.await(H2Wire.GOAWAY).word(0)).isEqualTo(3);
            // It is behind the line: it is overlooked, and may be asked elsewhere.
            h2.get(5, "/");
            goOn.countDown();
            assertThat(h2.reply(1).text()).isEqualTo("done");
            assertThat(h2.reply(3).text()).isEqualTo("done");
            assertThat(h2.wire().isEnded()).isTrue();
            assertThat(server.requests).hasSize(2);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void idleConnectionsAndThoseThatAnswerNoPingsEndSoon() {
        try (Bench bench = Http2IT.bench();
                H2Wire idle = H2Wire.connect(bench.port);
                H2Wire silent = H2Wire.connect(bench.port)) {
            silent.answers = false;
            await().until(() -> bench.engine.load().connections() == 2);
            bench.engine.drain();
            assertThat(idle.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            assertThat(silent.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void aConnectionThatComesDuringADrainIsServedAndToldToGo() {
        try (Server server = Server.saying("done");
                Bench bench = Http2IT.bench(server)) {
            bench.engine.drain();
            try (H2Wire h2 = H2Wire.connect(bench.port)) {
                h2.get(1, "/");
                assertThat(h2.reply(1).text()).isEqualTo("done");
                assertThat(h2.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            }
        }
    }

    @Test
    void aCutEndsWhateverIsLeft() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            await().until(() -> server.requests.size() == 1);
            bench.engine.cut();
            await().until(() -> bench.engine.load().isEmpty());
            await().until(() -> server.closed() == 1);
        }
    }

    @Test
    void anOldConnectionIsToldToGo() {
        String young = "    versions: [h2, h1]\n    timeouts: {connectionAge: 1s}";
        try (Server server = Server.saying("done");
                Bench bench = Bench.with(young, "", server);
                H2Wire h2 = H2Wire.connect(bench.port);
                Wire h1 = bench.connect()) {
            h2.get(1, "/");
            assertThat(h2.reply(1).text()).isEqualTo("done");
            h1.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(h1.readResponse().field("connection")).isEmpty();
            assertThat(h2.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            assertThat(h1.isEnded()).isTrue();
        }
    }

    @Test
    void anOldConnectionThatIsInUseSaysSoWithAResponse() {
        try (Server server = Server.saying("done");
                Bench bench = Bench.with("    timeouts: {connectionAge: 1s}", "", server);
                Wire wire = bench.connect()) {
            await().atMost(Duration.ofMinutes(1))
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                        return wire.readResponse().field("connection").equals(Optional.of("close"));
                    });
            assertThat(wire.isEnded()).isTrue();
            assertThat(server.requests).hasSizeGreaterThan(1);
        }
    }

    @Test
    void idleAndSlowConnectionsEndInTime() {
        String hasty = "    versions: [h2, h1]\n    timeouts: {idle: 300ms, clientHeader: 200ms}";
        try (Server server = Server.saying("done");
                Bench bench = Bench.with(hasty, "", server);
                H2Wire idle = H2Wire.connect(bench.port);
                Wire silent = bench.connect();
                Wire slow = bench.connect();
                H2Wire slower = H2Wire.connect(bench.port)) {
            idle.get(1, "/");
            assertThat(idle.reply(1).text()).isEqualTo("done");
            slower.answers = false;
            slow.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            slower.send(H2Wire.HEADERS, H2Wire.END_STREAM, 1, H2Wire.block(":method", "GET"));
            assertThat(slower.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            assertThat(idle.goAwayAndEnd()).isEqualTo(H2Wire.NO_ERROR);
            slow.readToEnd();
            assertThat(silent.isEnded()).isTrue();
            await().until(() -> bench.engine.load().isEmpty());
        }
    }
}
