package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.stream.LongStream;

/** What docs/simulation.md says about figures. */
class MeasuresTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aDrainIsAcknowledgedAsSoonByManyDirectorsAsByTwo() {
        Measures.DrainTime few = Measures.drain(2, 1);
        Measures.DrainTime many = Measures.drain(200, 1);

        assertThat(few.acknowledgedNanos()).isBetween(1L, SECOND / 2);
        assertThat(many.acknowledgedNanos()).isBetween(1L, SECOND / 2);
        assertThat(many.settledNanos()).isGreaterThan(SECOND);
    }

    @Test
    void sluiceCutsNothingWhereUncheckedChangesCutFlows() {
        Measures.CutFlows cuts = Measures.cuts(1, 4);

        assertThat(cuts.sluice()).isZero();
        assertThat(cuts.changes()).isPositive();
        assertThat(cuts.glb()).isPositive();
    }

    @Test
    void changesWaitTheirTurnAndLostProxiesFailOver() {
        Outcome outcome =
                LongStream.rangeClosed(1, 40)
                        .mapToObj(seed -> Simulation.run(seed, Set.of(), false))
                        .filter(o -> o.counts().containsKey("changes: Failover"))
                        .filter(o -> o.counts().containsKey("changes: (queued)"))
                        .findFirst()
                        .orElseThrow();

        assertThat(outcome.violation()).isEmpty();
    }
}
