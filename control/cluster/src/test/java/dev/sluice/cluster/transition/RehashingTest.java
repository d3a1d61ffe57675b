package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowChain;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Decision.Refused;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Other hash fields, and no flow lost. */
class RehashingTest {
    private static final Set<HashField> ADDRESSES =
            Set.of(HashField.SOURCE_ADDRESS, HashField.DESTINATION_ADDRESS);
    private static final Change CHANGE = new Change.Rehash(ADDRESSES);
    private static final Change DRAIN = new Change.Drain(List.of("p0"), 0);

    private final World world = new World(Pools.active(5));

    /** The states of the whole change, first and last included. */
    private List<PoolState> states() {
        List<PoolState> states = new ArrayList<>(List.of(world.state));
        world.begin(CHANGE);
        states.add(world.state);
        world.everyoneCatchesUp();
        assertThat(world.step()).isEqualTo("rows by source-address, destination-address committed");
        states.add(world.state);
        world.everyoneCatchesUp();
        world.allReportEmpty();
        assertThat(world.step()).contains("no flow is left");
        states.add(world.state);
        return states;
    }

    @Test
    void isPreparedCommittedAndEnds() {
        PoolState last = states().getLast();
        assertThat(last.spec().hashFields()).isEqualTo(ADDRESSES);
        assertThat(last.spec().isMigrating()).isFalse();
        assertThat(last.generation()).isEqualTo(4);
    }

    /** Of three states in turn, for after the end nobody has a flow of the former fields. */
    @Test
    void whoForwardsByTheStateBeforeOrAfterFindsEveryFlowsOwner() {
        List<ForwardingTable> tables = states().subList(0, 3).stream().map(ChainTable::of).toList();
        for (int phase = 0; phase < 2; phase++) {
            for (FlowKey flow : flows()) {
                FlowChain before = FlowChain.of(tables.get(phase), flow);
                FlowChain after = FlowChain.of(tables.get(phase + 1), flow);
                assertThat(after.hops()).containsAll(open(before));
                assertThat(before.hops()).containsAll(open(after));
            }
        }
    }

    private static List<Proxy> open(FlowChain chain) {
        return chain.hops().subList(0, chain.open());
    }

    private static List<FlowKey> flows() {
        return IntStream.range(0, 500)
                .mapToObj(i ->
                        new FlowKey(
                                Protocol.TCP,
                                Address.parse("198.18." + i / 250 + "." + i % 250),
                                1024 + 37 * i,
                                Pools.VIP,
                                80))
                .toList();
    }

    @Test
    void isNotCommittedBeforeOneTierKnowsIt() {
        world.begin(CHANGE);
        assertThat(world.waitsFor()).isNotEmpty().allMatch(w -> w.contains("hash fields wait"));
        world.allAcknowledge();
        assertThat(world.step()).contains("committed");
    }

    @Test
    void doesNotEndWhileAHostHoldsAFlowThatOnlyTheFormerFieldsFindOrSaysNothing() {
        world.begin(CHANGE);
        world.everyoneCatchesUp();
        world.step();
        world.allReportEmpty();
        world.report("p1", RowSet.of(IntStream.of(7)));
        world.reports.remove("p2");

        assertThat(world.waitsFor())
                .containsExactly(
                        "hash fields wait: proxy p1 holds 1 connections that only the former ones"
                                + " find",
                        "hash fields wait: proxy p2 has not reported since generation 3");
        world.allReportEmpty();
        assertThat(world.step()).contains("no flow is left");
    }

    @Test
    void aReportOfBeforeTheCommitDoesNotCount() {
        world.begin(CHANGE);
        world.everyoneCatchesUp();
        world.allReportEmpty();
        world.step();
        assertThat(world.waitsFor()).hasSize(5);
    }

    @Test
    void noOtherChangeBeginsMeanwhileByForceNeither() {
        world.begin(CHANGE);
        for (Decision decision : List.of(world.ask(DRAIN), world.force(DRAIN), world.ask(CHANGE))) {
            assertThat(((Refused) decision).kind()).isEqualTo(Kind.NOT_NOW);
            assertThat(((Refused) decision).reason()).contains("is changing its hash fields to");
        }
    }

    @Test
    void waitsForOlderViewsToSettle() {
        world.begin(DRAIN);
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();
        Refused refused = (Refused) world.ask(CHANGE);
        assertThat(refused.kind()).isEqualTo(Kind.NOT_NOW);
        assertThat(refused.reason()).contains("older views of pool web are settling");
    }

    @Test
    void isGivenUpUntilItIsCommitted() {
        world.begin(CHANGE);
        world.begin(new Change.Abort());
        assertThat(world.state.spec()).isEqualTo(Pools.active(5).spec());

        world.everyoneCatchesUp();
        world.begin(CHANGE);
        world.everyoneCatchesUp();
        world.step();
        assertThat(world.ask(new Change.Abort())).isInstanceOf(Refused.class);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Set<HashField> present = world.state.spec().hashFields();
        assertThat(((Refused) world.ask(new Change.Rehash(present))).kind()).isEqualTo(Kind.WRONG);
        assertThat(((Refused) world.ask(new Change.Rehash(Set.of()))).kind()).isEqualTo(Kind.WRONG);
        World glb = new World(Pools.withEpochs(Wire.GLB, 3, new int[] {0, 1, 2}));
        assertThat(((Refused) glb.ask(CHANGE)).reason()).contains("wire: glb");
        assertThat(world.ask(CHANGE)).isInstanceOf(Accepted.class);
    }
}
