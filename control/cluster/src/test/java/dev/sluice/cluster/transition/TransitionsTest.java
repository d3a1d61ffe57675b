package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

class TransitionsTest {
    private static final Change DRAIN_P0 = new Change.Drain(List.of("p0"), 0);

    private final World world = new World(Pools.active(3));

    @Test
    void drainGoesThroughPrepareCommitSettle() {
        world.begin(DRAIN_P0);
        assertThat(world.state.pending()).isPresent();
        assertThat(stateOf("p0")).isEqualTo(State.DRAINING);

        world.everyoneCatchesUp();
        assertThat(world.step()).isEqualTo("epoch 2 committed");
        assertThat(world.state.newest().has("p0")).isFalse();
        assertThat(world.state.newest().commitGeneration()).isEqualTo(3);

        world.everyoneCatchesUp();
        world.allReportEmpty();
        assertThat(world.step()).isEqualTo("epoch 1 settled");
        assertThat(stateOf("p0")).isEqualTo(State.DRAINED);
        assertThat(world.waitsFor()).isEmpty();
    }

    @Test
    void fillBringsADrainedProxyBack() {
        drainCompletely();

        world.begin(new Change.Fill(List.of("p0")));
        assertThat(stateOf("p0")).isEqualTo(State.FILLING);
        world.everyoneCatchesUp();
        world.step();
        assertThat(stateOf("p0")).isEqualTo(State.FILLING);
        world.everyoneCatchesUp();
        world.allReportEmpty();
        world.step();
        assertThat(stateOf("p0")).isEqualTo(State.ACTIVE);
    }

    @Test
    void fillWhileStillDrainingTakesTheDrainBackAtOnce() {
        world.begin(DRAIN_P0);
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();

        world.begin(new Change.Fill(List.of("p0")));
        assertThat(world.state.pending()).isEmpty();
        assertThat(world.state.newest().has("p0")).isTrue();
        assertThat(world.state.newest().commitGeneration()).isEqualTo(world.state.generation());
        assertThat(world.state.live()).hasSize(3);

        // The first view again: dropping the old one takes nobody out of a chain.
        assertThat(world.step()).isEqualTo("epoch 1 settled");
        assertThat(world.waitsFor()).isNotEmpty();
        world.everyoneCatchesUp();
        world.allReportEmpty();
        assertThat(world.step()).isEqualTo("epoch 2 settled");
        assertThat(stateOf("p0")).isEqualTo(State.ACTIVE);
    }

    @Test
    void everyWriteRaisesTheGenerationByOne() {
        world.begin(DRAIN_P0);
        assertThat(world.state.generation()).isEqualTo(2);
        world.everyoneCatchesUp();
        world.step();
        assertThat(world.state.generation()).isEqualTo(3);
    }

    @Test
    void commitWaitsForBothTiersAndNamesTheLaggards() {
        world.begin(DRAIN_P0);
        world.acknowledge("d1", world.state.generation());

        assertThat(world.waitsFor())
                .contains("commit waits: director d2 has acknowledged generation 1 of 2")
                .contains("commit waits: proxy p0 has installed generation 1 of 2");
    }

    @Test
    void afterPatienceAllProxiesAreEnoughForACommit() {
        world.begin(DRAIN_P0);
        world.allInstall();
        assertThat(world.waitsFor()).hasSize(2);

        world.nowUnixMs += CaughtUp.PATIENCE_MS;
        assertThat(world.step()).isEqualTo("epoch 2 committed");
    }

    @Test
    void afterPatienceAllDirectorsAreEnoughForACommit() {
        world.begin(DRAIN_P0);
        world.allAcknowledge();

        world.nowUnixMs += CaughtUp.PATIENCE_MS;
        assertThat(world.step()).isEqualTo("epoch 2 committed");
    }

    @Test
    void neitherTierWholeMeansWaitingForever() {
        world.begin(DRAIN_P0);
        world.acknowledge("d1", world.state.generation());
        world.proxies.put("p0", new ProxyFacts("i1", world.state.generation(), 0));

        world.nowUnixMs += 1000 * CaughtUp.PATIENCE_MS;
        assertThat(world.waitsFor()).hasSize(3);
    }

    @Test
    void aDirectorWithoutSessionIsLaggingNotGone() {
        world.begin(DRAIN_P0);
        world.acknowledge("d1", world.state.generation());
        world.directors.put("d2", new DirectorFacts(1, false, false, Set.of()));

        assertThat(world.waitsFor().getFirst())
                .isEqualTo(
                        "commit waits: director d2 has acknowledged generation 1 of 2"
                                + " and has no session");
    }

    @Test
    void aDirectorConfirmedWithdrawnIsNotWaitedFor() {
        world.begin(DRAIN_P0);
        world.everyoneCatchesUp();
        world.directors.put("d2", new DirectorFacts(1, true, false, Set.of()));

        assertThat(world.step()).isEqualTo("epoch 2 committed");
    }

    @Test
    void glbWireWaitsForEveryDirectorWhateverTheProxiesSay() {
        World glb = new World(Pools.withEpochs(Wire.GLB, 3, new int[] {0, 1, 2}));
        glb.begin(DRAIN_P0);
        glb.allInstall();
        glb.nowUnixMs += 1000 * CaughtUp.PATIENCE_MS;

        assertThat(glb.waitsFor()).hasSize(2);
        glb.allAcknowledge();
        assertThat(glb.step()).isEqualTo("epoch 2 committed");
    }

    @Test
    void settleWaitsForAReportOfTheNewestCommit() {
        commitDrain();
        assertThat(world.waitsFor()).contains("epoch 1 settles: proxy p0 has made no report");

        world.allReportEmpty();
        world.reports.put("p0", new OwnedReport("i1", 2, true, RowSet.NONE, 0));
        assertThat(world.waitsFor())
                .containsExactly("epoch 1 settles: proxy p0 reported at generation 2, needed is 3");
    }

    @Test
    void settleWaitsWhileTheDrainedProxyHoldsAFlow() {
        commitDrain();
        world.allReportEmpty();
        int held = rowWhereFirst(0);
        world.report("p0", RowSet.of(IntStream.of(held)));

        assertThat(world.waitsFor())
                .containsExactly("epoch 1 settles: proxy p0 holds 1 connections on 1 rows");
    }

    @Test
    void settleCountsFillHopsLikeFirstOnes() {
        commitDrain();
        world.allReportEmpty();
        int leavingAsSecond = rowWhereSecond(0);
        world.report("p0", RowSet.of(IntStream.of(leavingAsSecond)));

        assertThat(world.waitsFor()).hasSize(1);
    }

    @Test
    void settleRefusesAnUnfencedReport() {
        commitDrain();
        world.allReportEmpty();
        world.reports.put("p0", new OwnedReport("i1", 3, false, RowSet.NONE, 0));

        assertThat(world.waitsFor()).containsExactly("epoch 1 settles: proxy p0 is not fenced");
    }

    @Test
    void aReportOfAnEarlierIncarnationDoesNotCount() {
        commitDrain();
        world.allReportEmpty();
        world.proxies.put("p0", new ProxyFacts("i2", 3, 0));

        assertThat(world.waitsFor())
                .containsExactly("epoch 1 settles: proxy p0 has made no report");
    }

    @Test
    void theLastReportOfAStoppedProxyStillCounts() {
        commitDrain();
        world.allReportEmpty();
        world.proxies.remove("p0");

        assertThat(world.step()).isEqualTo("epoch 1 settled");
    }

    /** C15: else ABORT would take the last chain that has the flow. */
    @Test
    void aPendingEpochProtectsNobodyFromBeingSettledAway() {
        World four = new World(Pools.active(4));
        four.begin(DRAIN_P0);
        four.everyoneCatchesUp();
        four.step();
        four.everyoneCatchesUp();
        // Another weight, so that PREPARE is not skipped.
        four.begin(new Change.Weigh(new TreeMap<>(Map.of("p0", 500)), 0));
        four.everyoneCatchesUp();
        four.begin(new Change.Fill(List.of("p0")));
        four.allReportEmpty();
        four.report("p0", RowSet.of(IntStream.range(0, ForwardingTable.ROWS)));

        assertThat(four.state.pending()).isPresent();
        assertThat(four.waitsFor()).anyMatch(r -> r.startsWith("epoch 1 settles: proxy p0 holds"));
    }

    /** ADR 21: p0 was drained for good, p1 with a deadline. */
    @Test
    void aDeadlineResetsTheFlowsOfItsOwnChangeOnly() {
        World five = new World(Pools.active(5));
        five.begin(DRAIN_P0);
        five.everyoneCatchesUp();
        five.step();
        five.everyoneCatchesUp();
        five.begin(new Change.Drain(List.of("p1"), five.nowUnixMs + 1000));
        five.everyoneCatchesUp();
        five.step();
        five.nowUnixMs += 1000;
        assertThat(five.step()).isEqualTo("deadline of epoch 2 passed: its flows are reset");

        ForwardingTable table = ChainTable.of(five.state);
        for (int row = 0; row < table.rows(); row++) {
            assertThat(table.isOverdue(row, 0)).isFalse();
            assertThat(table.isOverdue(row, 2)).isFalse();
        }
        ForwardingTable replaced =
                ChainTable.of(
                        five.state.withEpochs(List.of(five.state.live().get(1)), Optional.empty()));
        for (int row = 0; row < table.rows(); row++) {
            assertThat(table.isOverdue(row, 1)).isEqualTo(replaced.isHop(row, 1));
        }
    }

    @Test
    void aPassedDeadlineMarksTheEpochOnce() {
        world.begin(new Change.Drain(List.of("p0"), world.nowUnixMs + 60_000));
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();
        world.allReportEmpty();
        world.report("p0", RowSet.of(IntStream.of(rowWhereFirst(0))));
        assertThat(world.waitsFor()).hasSize(1);

        world.nowUnixMs += 60_000;
        assertThat(world.step()).isEqualTo("deadline of epoch 1 passed: its flows are reset");
        assertThat(world.state.live().getLast().expired()).isTrue();
        assertThat(world.waitsFor()).hasSize(1);
    }

    private void commitDrain() {
        world.begin(DRAIN_P0);
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();
    }

    private void drainCompletely() {
        commitDrain();
        world.allReportEmpty();
        world.step();
        world.everyoneCatchesUp();
    }

    private State stateOf(String proxy) {
        return world.state.proxy(proxy).map(Proxy::state).orElseThrow();
    }

    private static int rowWhereFirst(int proxy) {
        return rowWhere(proxy, 0);
    }

    private static int rowWhereSecond(int proxy) {
        return rowWhere(proxy, 1);
    }

    private static int rowWhere(int proxy, int at) {
        ForwardingTable table = ChainTable.of(Pools.active(3));
        return IntStream.range(0, ForwardingTable.ROWS)
                .filter(row -> table.hop(row, at) == proxy)
                .findFirst()
                .orElseThrow();
    }
}
