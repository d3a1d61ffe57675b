package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.transition.Change;
import dev.sluice.simulation.Explorer.Explored;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every interleaving of two changes, three proxies, two directors and one flow. */
class SmallWorldTest {
    private static final int CI_STATES = 40_000;
    private static final int WHOLE = 16_000_000;
    private static final int WITH_FAULTS = 3_000_000;

    private static final Budgets ONE_SYN = new Budgets(1, 0, 0, 0);

    private static final Change DRAIN_0 = new Change.Drain(List.of("p0"), 0);
    private static final Change DRAIN_1 = new Change.Drain(List.of("p1"), 0);
    private static final Change FILL_0 = new Change.Fill(List.of("p0"));
    private static final Change FILL_2 = new Change.Fill(List.of("p2"));
    private static final Change REPLACE = new Change.Replace("p0", "p2", 0);
    private static final Change ABORT = new Change.Abort();

    /** How often a client sends its SYN, and how many faults there may be. */
    private record Budgets(int syns, int crashes, int reboots, int losses) {}

    static Stream<List<Change>> pairs() {
        return Stream.of(
                List.of(DRAIN_0, FILL_2),
                List.of(REPLACE, ABORT),
                List.of(REPLACE, DRAIN_1),
                List.of(DRAIN_0, FILL_0),
                List.of(REPLACE, FILL_0));
    }

    /** Breadth first: all that can happen within so many states. */
    @ParameterizedTest
    @MethodSource("pairs")
    void noInterleavingBreaksAPromise(List<Change> changes) {
        keeps(explore(ONE_SYN, changes, Set.of(), CI_STATES));
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("pairs")
    void noInterleavingOfAllThereAreBreaksAPromise(List<Change> changes) {
        Explored explored = explore(ONE_SYN, changes, Set.of(), WHOLE);
        keeps(explored);
        assertThat(explored.whole()).isTrue();
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("pairs")
    void noInterleavingWithARepeatedSynARestartARebootAndADemotionBreaksAPromise(
            List<Change> changes) {
        keeps(explore(new Budgets(2, 1, 1, 1), changes, Set.of(), WITH_FAULTS));
    }

    /** COMMIT asks for more than START does, so START's question alone can be left out. */
    @Test
    void commitsQuestionSufficesWithoutStarts() {
        List<Change> changes = List.of(REPLACE, DRAIN_1);

        keeps(explore(ONE_SYN, changes, Set.of(Guard.START_CAUGHT_UP), CI_STATES));
        assertThat(
                        explore(
                                        ONE_SYN,
                                        changes,
                                        Set.of(Guard.START_CAUGHT_UP, Guard.COMMIT_CAUGHT_UP),
                                        CI_STATES)
                                .broken())
                .hasValueSatisfying(way -> assertThat(way.getLast()).contains("cut, its owner"));
    }

    private static Explored explore(
            Budgets budgets, List<Change> changes, Set<Guard> off, int states) {
        SmallScript script =
                new SmallScript(
                        List.of(0, 1),
                        changes,
                        2,
                        budgets.syns(),
                        2,
                        budgets.crashes(),
                        budgets.reboots(),
                        budgets.losses(),
                        off);
        Explored explored = new Explorer(new SmallWorld(script)).explore(states);
        System.out.println(
                changes
                        + ", "
                        + budgets
                        + (off.isEmpty() ? "" : " without " + off)
                        + ": "
                        + explored.states()
                        + " states, "
                        + explored.moves()
                        + " moves, "
                        + explored.ends()
                        + " ends, "
                        + (explored.whole() ? "all there are" : "not all there are"));
        return explored;
    }

    private static void keeps(Explored explored) {
        assertThat(explored.broken()).isEmpty();
        assertThat(explored.states()).isGreaterThan(1_000);
    }
}
