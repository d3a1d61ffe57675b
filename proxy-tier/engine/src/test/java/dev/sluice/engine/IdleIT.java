package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

/** What connections hold on to while nothing happens. */
final class IdleIT {
    private static final int CONNECTIONS = 200;

    /** Less than the smallest that anything is read into. */
    private static final int BYTES_EACH = 256;

    /** Of buffers that somebody has, as the tests run with the pooled allocator. */
    private static long buffered() {
        return ((PooledByteBufAllocator) ByteBufAllocator.DEFAULT).pinnedDirectMemory();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsIdleHoldsNoBuffer(Transport transport) {
        List<Wire> idle = new ArrayList<>();
        try (Server server = Server.saying("hello");
                Bench bench = Bench.with(new EngineOptions("p", transport, 1), "", "", server)) {
            bench.get("/");
            long before = buffered();
            for (int i = 0; i < CONNECTIONS; i++) {
                Wire wire = bench.connect();
                idle.add(wire);
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(wire.readResponse().text()).isEqualTo("hello");
            }
            await().until(() -> buffered() - before < CONNECTIONS * BYTES_EACH);
            assertThat(bench.engine.load().connections()).isGreaterThanOrEqualTo(CONNECTIONS);
        } finally {
            idle.forEach(Wire::close);
        }
    }
}
