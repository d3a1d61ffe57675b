package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.SocketException;

/**
 * A reset right behind data is noticed, however the two come in. What ends by a timeout instead
 * would take a day here.
 */
final class ResetIT {
    private static final int ROUNDS = 50;

    private static EngineOptions on(Transport transport) {
        return new EngineOptions("proxy", transport, 2);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamPassesItOn(Transport transport) {
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.readBytes(1);
                            wire.send("half of");
                            wire.reset();
                        });
                Bench bench = new Bench(on(transport))) {
            bench.apply(
                    bench.listener("    kind: tcp\n    upstream: app\n    timeouts: {idle: 24h}")
                            + bench.upstream("", server));
            for (int i = 0; i < ROUNDS; i++) {
                try (Wire wire = bench.connect()) {
                    wire.send("x");
                    assertThat(catchThrowable(wire::readToEnd))
                            .as("round " + i)
                            .hasRootCauseInstanceOf(SocketException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResponseBreaksOff(Transport transport) {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of");
                            wire.reset();
                        });
                Bench bench = Bench.with(on(transport), "", "    responseTimeout: 24h", server)) {
            for (int i = 0; i < ROUNDS; i++) {
                try (Wire wire = bench.connect()) {
                    wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                    assertThat(wire.readTextToEnd()).as("round " + i).endsWith("\r\n\r\nhalf of");
                }
            }
        }
    }
}
