package dev.sluice.control;

import static dev.sluice.proto.admin.v1.PoolPhase.POOL_PHASE_PREPARING;
import static dev.sluice.proto.admin.v1.PoolPhase.POOL_PHASE_SETTLING;
import static dev.sluice.proto.admin.v1.PoolPhase.POOL_PHASE_STEADY;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.admin.v1.PoolPhase;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

final class PhaseWatchTest {
    private static final long SECOND = 1_000_000_000;

    private final PhaseWatch watch = new PhaseWatch();

    private void see(PoolPhase phase, long seconds) {
        watch.observe(Map.of("web", phase), seconds * SECOND);
    }

    private PhaseWatch.Durations of(PoolPhase phase) {
        return Objects.requireNonNull(watch.read().get(phase));
    }

    @Test
    void aPhaseTakesFromItsFirstViewToTheNextOnes() {
        see(POOL_PHASE_STEADY, 0);
        see(POOL_PHASE_PREPARING, 10);
        see(POOL_PHASE_PREPARING, 11);
        see(POOL_PHASE_SETTLING, 13);
        see(POOL_PHASE_STEADY, 113);
        assertThat(of(POOL_PHASE_PREPARING).sumSeconds()).isEqualTo(3);
        assertThat(of(POOL_PHASE_SETTLING).sumSeconds()).isEqualTo(100);
        assertThat(of(POOL_PHASE_SETTLING).counts())
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    }

    @Test
    void oneThatHadBegunBeforeIsNotCounted() {
        see(POOL_PHASE_SETTLING, 5);
        see(POOL_PHASE_STEADY, 6);
        assertThat(LongStream.of(of(POOL_PHASE_SETTLING).counts()).sum()).isZero();
    }

    @Test
    void aPoolThatIsGoneIsForgotten() {
        see(POOL_PHASE_STEADY, 0);
        see(POOL_PHASE_SETTLING, 1);
        watch.observe(Map.of(), 2 * SECOND);
        see(POOL_PHASE_STEADY, 3);
        assertThat(LongStream.of(of(POOL_PHASE_SETTLING).counts()).sum()).isZero();
    }
}
