package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The simulation finds the loss of each guard, and keeps every promise of the same seed with it.
 *
 * <p>{@link Guard#provenBySeed} is tried first, then all seeds of the budget: when scenarios
 * change, the test becomes slower, not wrong.
 */
class TeethSimulation {
    private static final int BUDGET = 250;

    static Stream<Guard> backed() {
        return Stream.of(Guard.values()).filter(guard -> guard.backedBy().isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void theLossOfAGuardIsFound(Guard guard) {
        Set<Guard> off = EnumSet.of(guard);
        guard.backedBy().ifPresent(off::add);
        long found =
                LongStream.concat(
                                LongStream.of(guard.provenBySeed()),
                                LongStream.rangeClosed(1, BUDGET))
                        .filter(seed -> !Simulation.run(seed, off, false).isGood())
                        .findFirst()
                        .orElseThrow(() ->
                                new AssertionError(
                                        "no seed of " + BUDGET + " misses the guard " + guard));

        assertThat(Simulation.run(found, Set.of(), false).violation()).isEmpty();
    }

    /** Each of the two keeps the promises of the seed that breaks one without both. */
    @ParameterizedTest
    @MethodSource("backed")
    void eitherOfTwoGuardsSuffices(Guard guard) {
        long seed = guard.provenBySeed();

        assertThat(Simulation.run(seed, Set.of(guard), false).violation()).isEmpty();
        assertThat(Simulation.run(seed, Set.of(guard.backedBy().orElseThrow()), false).violation())
                .isEmpty();
    }

    @Test
    void theFewIncidentsThatAreNeededBreakThePromiseAlone() {
        Set<Guard> off = EnumSet.of(Guard.SETTLE_EMPTY);
        Outcome bad = Simulation.run(Guard.SETTLE_EMPTY.provenBySeed(), off, false);
        Outcome least = Simulation.minimised(bad, true);

        assertThat(least.violation()).isPresent();
        assertThat(least.only().orElseThrow()).hasSizeLessThan(12);
        assertThat(SimulationText.lines(least).getLast())
                .startsWith("see it again: sluice simulate --seed ")
                .contains("--without SETTLE_EMPTY");
    }

    @Tag("full")
    @Test
    void thousandsOfSeedsKeepEveryPromise() {
        LongStream.rangeClosed(1, 4_000)
                .forEach(seed ->
                        assertThat(Simulation.run(seed, Set.of(), false).violation())
                                .as("seed %d", seed)
                                .isEmpty());
    }
}
