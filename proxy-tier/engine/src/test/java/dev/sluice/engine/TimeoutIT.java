package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Clients that take their time. */
final class TimeoutIT {
    @Test
    void aHeadThatDoesNotEndIsRefused() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("    timeouts: {clientHeader: 200ms}", "", server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: te");
            FailureIT.assertFailure(wire.readResponse(), 408, "client-timeout");
            assertThat(wire.isEnded()).isTrue();
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void aHeadThatTricklesInIsRefusedAllTheSame() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("    timeouts: {clientHeader: 300ms}", "", server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: test\r\nX: ");
            long began = System.nanoTime();
            while (wire.isQuietFor(50)) {
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isLessThan(Duration.ofSeconds(50));
                wire.send("a");
            }
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedWithoutAWord() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("    timeouts: {clientHeader: 200ms}", "", server);
                Wire wire = bench.connect()) {
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosed() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("    timeouts: {idle: 200ms}", "", server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(wire.readResponse().field("connection")).isEmpty();
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void aBodyThatStopsIsRefusedAndItsServerIsLetGo() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.readToEnd();
                        });
                Bench bench = Bench.with("    timeouts: {body: 200ms}", "", server);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello");
            FailureIT.assertFailure(wire.readResponse(), 408, "client-timeout");
            await().until(() -> server.closed() == 1);
            await().until(() -> bench.engine.load().requests() == 0);
        }
    }

    @Test
    void aReaderThatStopsIsCutOff() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n");
                            while (true) {
                                wire.send(new byte[65536]);
                            }
                        });
                Bench bench = Bench.with("    timeouts: {body: 300ms}", "", server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> server.closed() == 1);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void aSlowServerIsNotTheClientsFault() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.isQuietFor(500);
                            wire.send(Server.ok("late"));
                            wire.readHead();
                        });
                Bench bench = Bench.with("    timeouts: {body: 100ms}", "", server)) {
            assertThat(bench.get("/").text()).isEqualTo("late");
        }
    }

    @Test
    void aRestingConnectionToAServerIsClosedInTime() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("", "    keepAlive: {idle: 100ms}", server)) {
            assertThat(bench.get("/").text()).isEqualTo("seen");
            await().until(() -> server.closed() == 1);
        }
    }

    @Test
    void withoutKeepAliveEachRequestHasItsOwnConnection() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("", "    keepAlive: {connections: 0}", server);
                Wire wire = bench.connect()) {
            for (int i = 1; i <= 3; i++) {
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(wire.readResponse().text()).isEqualTo("seen");
                assertThat(server.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosedAsTheyCome() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("    limits: {connections: 1}", "", server)) {
            try (Wire first = bench.connect()) {
                first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(first.readResponse().text()).isEqualTo("seen");
                try (Wire second = bench.connect()) {
                    assertThat(second.isEnded()).isTrue();
                }
                assertThat(bench.engine.figures().refusedConnections())
                        .containsOnly(entry("web", 1L));
                first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(first.readResponse().text()).isEqualTo("seen");
            }
            await().until(() -> bench.engine.load().connections() == 0);
            assertThat(bench.get("/").text()).isEqualTo("seen");
        }
    }
}
