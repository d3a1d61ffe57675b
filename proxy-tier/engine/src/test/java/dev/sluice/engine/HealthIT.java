package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.config.HostPort;

import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

final class HealthIT {
    @Test
    void saysWhetherTheProxyIsWell() {
        AtomicReference<Optional<String>> illness = new AtomicReference<>(Optional.empty());
        int port = Bench.freePort();
        HostPort address = HostPort.parse("127.0.0.1:" + port);
        try (Bench bench = new Bench();
                HealthListener listener =
                        HealthListener.start(bench.engine, address, illness::get)) {
            assertThat(listener).isNotNull();
            assertThat(ask(port, "GET /healthz"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("ok\n");
            assertThat(ask(port, "HEAD /healthz"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\n");
            assertThat(ask(port, "GET /other")).startsWith("HTTP/1.1 404 ");
            illness.set(Optional.of("no configuration"));
            assertThat(ask(port, "GET /healthz"))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("no configuration\n");
            // A bare connect, as directors make it.
            Wire.connect(port).close();
            assertThatThrownBy(() -> HealthListener.start(bench.engine, address, illness::get))
                    .hasMessageContaining("Address already in use");
        }
    }

    private static String ask(int port, String request) {
        try (Wire wire = Wire.connect(port)) {
            wire.send(request + " HTTP/1.1\r\nHo");
            wire.send("st: test\r\n\r\n");
            return wire.readTextToEnd();
        }
    }
}
