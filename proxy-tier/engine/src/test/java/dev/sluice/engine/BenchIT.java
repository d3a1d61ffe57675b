package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;

import org.junit.jupiter.api.Test;

/** The other tests' watch for leaks would be worth nothing if it saw none. */
final class BenchIT {
    @Test
    void aLostBufferFailsTheTest() {
        Bench bench = new Bench();
        lose();
        assertThatThrownBy(bench::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("LEAK:");
    }

    private static void lose() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
