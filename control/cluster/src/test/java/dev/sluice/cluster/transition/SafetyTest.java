package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import org.junit.jupiter.api.Test;

import java.util.List;

class SafetyTest {
    private final World world = new World(Pools.active(3));

    @Test
    void refusesAnUnknownProxyAndNamesTheKnownOnes() {
        Refused refused = (Refused) world.ask(new Change.Drain(List.of("px"), 0));
        assertThat(refused.kind()).isEqualTo(Decision.Kind.WRONG);
        assertThat(refused.reason()).isEqualTo("pool web has no proxy 'px'");
        assertThat(refused.wayOut()).isEqualTo("its proxies are p0, p1, p2");
    }

    @Test
    void refusesToDrainTheLastActiveProxy() {
        World lone = new World(Pools.active(1));

        assertThat(((Refused) lone.ask(new Change.Drain(List.of("p0"), 0))).reason())
                .isEqualTo("p0 is the last proxy of pool web that takes new connections");
    }

    @Test
    void refusesToDrainTwice() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();

        Refused refused = (Refused) world.ask(new Change.Drain(List.of("p0"), 0));
        assertThat(refused.reason()).isEqualTo("p0 is already DRAINING in pool web");
        assertThat(refused.wayOut()).contains("sluice fill p0");
    }

    @Test
    void refusesASecondChangeWhileOneIsPrepared() {
        world.begin(new Change.Drain(List.of("p0"), 0));

        assertThat(((Refused) world.ask(new Change.Drain(List.of("p1"), 0))).reason())
                .isEqualTo("pool web is preparing another change");
    }

    @Test
    void refusesANewChangeWhileTheLastCommitIsNotKnownEverywhere() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();

        assertThat(((Refused) world.ask(new Change.Fill(List.of("p0")))).reason())
                .startsWith("not everyone knows the last change of pool web: director d1 has");
    }

    @Test
    void allowsANewChangeAsSoonAsOneTierKnowsTheLastCommit() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        world.allAcknowledge();

        assertThat(world.ask(new Change.Fill(List.of("p0")))).isInstanceOf(Accepted.class);
    }

    @Test
    void allowsASecondDrainWhileTheFirstSettlesIfTheChainsFit() {
        World four = new World(Pools.active(4));
        four.begin(new Change.Drain(List.of("p0"), 0));
        four.everyoneCatchesUp();
        four.step();
        four.everyoneCatchesUp();

        assertThat(four.ask(new Change.Drain(List.of("p1"), 0))).isInstanceOf(Accepted.class);
    }

    @Test
    void refusesAChangeWhoseChainsWouldBeTooLong() {
        World six = new World(Pools.withEpochs(Wire.SLUICE, 6, new int[] {0, 1}, new int[] {2, 3}));
        six.proxies.put("p4", new Facts.ProxyFacts("i1", 1, 0));
        six.state =
                new PoolState(
                        six.state.name(),
                        six.state.generation(),
                        six.state.spec(),
                        six.state.proxies().stream()
                                .map(p -> p.id().equals("p4") ? p.withState(State.DRAINED) : p)
                                .toList(),
                        six.state.live(),
                        six.state.pending(),
                        six.state.nextEpochId());

        assertThat(((Refused) six.ask(new Change.Fill(List.of("p4")))).reason())
                .containsPattern("\\d+ rows of pool web would need more than 4 hops");
    }

    @Test
    void refusesToFillAProxyWithoutSession() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();
        world.proxies.remove("p0");

        assertThat(((Refused) world.ask(new Change.Fill(List.of("p0")))).wayOut())
                .startsWith("start its proxy process");
    }

    @Test
    void refusesToFillAnActiveProxy() {
        assertThat(((Refused) world.ask(new Change.Fill(List.of("p1")))).reason())
                .isEqualTo("p1 is already ACTIVE in pool web");
    }

    @Test
    void abortBeforeCommitRestoresTheStates() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.begin(new Change.Abort());

        assertThat(world.state.pending()).isEmpty();
        assertThat(world.state.generation()).isEqualTo(3);
        assertThat(world.state.proxies()).allMatch(p -> p.state() == State.ACTIVE);
    }

    @Test
    void abortWithoutPendingChangeIsRefused() {
        assertThat(world.ask(new Change.Abort())).isInstanceOf(Refused.class);
    }
}
