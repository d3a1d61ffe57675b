package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class DrainIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    @Test
    void idleConnectionsAreClosedSoonAndNewOnesAfterTheirFirstRequest() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server);
                Wire used = bench.connect();
                Wire fresh = bench.connect()) {
            used.send(GET);
            assertThat(used.readResponse().field("connection")).isEmpty();
            await().until(() -> bench.engine.load().connections() == 2);
            bench.engine.drain();
            assertThat(bench.engine.isDraining()).isTrue();
            assertThat(used.isEnded()).isTrue();
            fresh.send(GET);
            assertThat(fresh.readResponse().field("connection")).contains("close");
            assertThat(fresh.isEnded()).isTrue();
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void aConnectionInUseIsToldToCloseAndLosesNoRequest() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            wire.readResponse();
            bench.engine.drain();
            wire.send(GET);
            Wire.Message last = wire.readResponse();
            assertThat(last.text()).isEqualTo("seen");
            assertThat(last.field("connection")).contains("close");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void newConnectionsAreStillServedOnce() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server)) {
            bench.engine.drain();
            Wire.Message response = bench.get("/");
            assertThat(response.text()).isEqualTo("seen");
            assertThat(response.field("connection")).contains("close");
        }
    }

    @Test
    void aDownloadRunsToItsEnd() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
                            goOn.await(60, TimeUnit.SECONDS);
                            wire.send("later");
                            wire.readToEnd();
                        });
                Bench bench = Bench.to(server);
                Wire download = bench.connect()) {
            download.send(GET);
            download.readHead();
            assertThat(download.readText(5)).isEqualTo("first");
            bench.engine.drain();
            await().until(() -> bench.engine.load().equals(new Load(1, 1, 0)));
            goOn.countDown();
            assertThat(download.readText(5)).isEqualTo("later");
            // Its head was sent before the drain: it is closed without having been told.
            assertThat(download.isEnded()).isTrue();
        }
    }

    @Test
    void resumeUndoesADrain() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server)) {
            bench.engine.drain();
            bench.engine.resume();
            try (Wire wire = bench.connect()) {
                for (int i = 0; i < 2; i++) {
                    wire.send(GET);
                    assertThat(wire.readResponse().field("connection")).isEmpty();
                }
            }
        }
    }

    @Test
    void aCutClosesWhateverIsLeft() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.readToEnd();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> bench.engine.load().requests() == 1);
            bench.engine.cut();
            assertThat(wire.isEnded()).isTrue();
            await().until(() -> bench.engine.load().isEmpty());
            await().until(() -> server.closed() == 1);
        }
    }
}
