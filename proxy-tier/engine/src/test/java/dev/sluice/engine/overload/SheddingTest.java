package dev.sluice.engine.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.Overload;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class SheddingTest {
    private static final long MS = 1_000_000;
    private static final Overload LIMITS =
            new Overload(Duration.ofMillis(100), Duration.ofMillis(400));

    private final Lag lag = new Lag();
    private final Shedding shedding = new Shedding();

    @Test
    void aSinglePauseIsNoLag() {
        for (int i = 1; i < Lag.BEATS; i++) {
            assertThat(lag.beat(5_000 * MS)).isZero();
        }
        assertThat(lag.beat(1 * MS)).isEqualTo(1 * MS);
        assertThat(lag.beat(5_000 * MS)).isEqualTo(1 * MS);
    }

    @Test
    void whatNoBeatOfLateWasFreeOfIs() {
        long least = 0;
        for (int i = 0; i < Lag.BEATS; i++) {
            least = lag.beat((300 + i) * MS);
        }
        assertThat(least).isEqualTo(300 * MS);
        assertThat(lag.beat(-5)).isZero();
    }

    @Test
    void connectionsAreRefusedBeforeRequests() {
        assertThat(shedding.look(99 * MS, LIMITS)).isFalse();
        assertThat(shedding.ofConnections()).isFalse();
        assertThat(shedding.look(100 * MS, LIMITS)).isTrue();
        assertThat(shedding.ofConnections()).isTrue();
        assertThat(shedding.ofRequests()).isFalse();
        assertThat(shedding.look(400 * MS, LIMITS)).isTrue();
        assertThat(shedding.ofRequests()).isTrue();
    }

    @Test
    void eachEndsAtHalfOfWhatItBeganWith() {
        shedding.look(400 * MS, LIMITS);
        assertThat(shedding.look(200 * MS, LIMITS)).isFalse();
        assertThat(shedding.ofRequests()).isTrue();
        shedding.look(199 * MS, LIMITS);
        assertThat(shedding.ofRequests()).isFalse();
        assertThat(shedding.ofConnections()).isTrue();
        shedding.look(49 * MS, LIMITS);
        assertThat(shedding.ofConnections()).isFalse();
    }
}
