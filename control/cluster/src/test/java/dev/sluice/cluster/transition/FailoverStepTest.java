package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.FailoverStep.Memory;
import dev.sluice.cluster.transition.FailoverStep.Outcome;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

class FailoverStepTest {
    private final World world = new World(Pools.active(4));
    private Memory memory = Memory.NONE;
    private long nowMs;

    @Test
    void failsOverWhatMoreThanHalfCannotReachForLongEnough() {
        world.acknowledge("d3", 1);
        votes("d1", "p1");
        votes("d2", "p1");
        assertThat(step().change()).isEmpty();
        nowMs = FailoverStep.UNREACHABLE_MS - 1;
        assertThat(step().change()).isEmpty();
        nowMs++;

        assertThat(step().change())
                .contains(new Change.Failover(List.of("p1"), "2 of 3 directors cannot reach p1"));
    }

    @Test
    void halfOfTheDirectorsAreNotEnough() {
        votes("d1", "p1");
        assertThat(step().memory().unreachableSinceMs()).isEmpty();
    }

    @Test
    void directorsWithoutSessionCountAmongThoseOfWhomMoreThanHalfAreAskedFor() {
        world.directors.put("d2", new DirectorFacts(1, false, false, Set.of("p1")));
        votes("d1", "p1");
        assertThat(step().memory().unreachableSinceMs()).isEmpty();

        world.directors.put("d2", new DirectorFacts(1, true, false, Set.of()));
        assertThat(step().memory().unreachableSinceMs()).containsKey("p1");
    }

    @Test
    void aVoteTakenBackStartsTheClockAgain() {
        allVote("p1");
        step();
        allVote();
        nowMs = FailoverStep.UNREACHABLE_MS;
        step();
        allVote("p1");
        assertThat(step().change()).isEmpty();
    }

    @Test
    void neverTakesMoreThanHalfOfTheWeightOut() {
        allVote("p0", "p1", "p2");
        step();
        nowMs = FailoverStep.UNREACHABLE_MS;

        Outcome outcome = step();
        assertThat(outcome.change()).isEmpty();
        assertThat(outcome.refusal().orElseThrow())
                .startsWith("2 of 2 directors cannot reach p0")
                .endsWith("not failed over, more than half of the weight would be out");
    }

    @Test
    void thoseThatAreOutAlreadyCountToo() {
        failOver("p0", "p1");
        allVote("p2");
        step();
        nowMs += FailoverStep.UNREACHABLE_MS;

        assertThat(step().refusal()).isPresent();
    }

    @Test
    void fillsAgainWhatIsWellForLongEnough() {
        failOver("p0");
        assertThat(world.state.proxy("p0").map(Proxy::mark)).contains(Mark.FAILED_OVER);
        allVote();
        step();
        nowMs += FailoverStep.WELL_MS - 1;
        assertThat(step().change()).isEmpty();
        nowMs++;

        Change fill = step().change().orElseThrow();
        assertThat(fill).isEqualTo(new Change.Fill(List.of("p0")));
        world.everyoneCatchesUp();
        world.begin(fill);
        assertThat(world.state.proxy("p0").map(Proxy::mark)).contains(Mark.NONE);
    }

    @Test
    void aProxyWithoutSessionIsNotFilled() {
        failOver("p0");
        world.proxies.remove("p0");
        step();
        nowMs += FailoverStep.WELL_MS;
        assertThat(step().change()).isEmpty();
    }

    @Test
    void whatAnOperatorDrainedIsLeftAlone() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        step();
        nowMs += FailoverStep.WELL_MS;
        assertThat(step().change()).isEmpty();
    }

    private void failOver(String... proxies) {
        world.begin(new Change.Failover(List.of(proxies), "votes"));
        world.everyoneCatchesUp();
        world.step();
    }

    private void votes(String director, String... unreachable) {
        world.directors.put(director, new DirectorFacts(1, false, true, Set.of(unreachable)));
    }

    private void allVote(String... unreachable) {
        world.directors.keySet().forEach(d -> votes(d, unreachable));
    }

    private Outcome step() {
        Outcome outcome = FailoverStep.apply(memory, world.state, world.facts(), nowMs);
        memory = outcome.memory();
        return outcome;
    }
}
