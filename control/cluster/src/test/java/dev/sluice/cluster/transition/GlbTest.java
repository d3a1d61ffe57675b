package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** GLB's wire: two hops, no stamps, so everything one after the other. */
class GlbTest {
    private final World world = new World(Pools.withEpochs(Wire.GLB, 4, new int[] {0, 1, 2}));

    @Test
    void goesThroughPrepareCommitCloseSettle() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.allAcknowledge();
        assertThat(world.step()).isEqualTo("epoch 2 committed");
        assertThat(world.waitsFor())
                .containsExactly(
                        "close waits: director d1 has acknowledged generation 2 of 3",
                        "close waits: director d2 has acknowledged generation 2 of 3");
        world.allAcknowledge();
        assertThat(world.step()).isEqualTo("epoch 2 closed");
        assertThat(world.state.newest().closeGeneration()).isEqualTo(4);
        assertThat(world.waitsFor()).hasSize(2).allMatch(r -> r.startsWith("epoch 1 settles: d"));
        world.allAcknowledge();
        world.allReportEmpty();
        assertThat(world.step()).isEqualTo("epoch 1 settled");
    }

    @Test
    void reportsOfBeforeCloseDoNotCount() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.allAcknowledge();
        world.step();
        world.allAcknowledge();
        world.allReportEmpty();
        world.step();
        world.allAcknowledge();

        assertThat(world.waitsFor())
                .isNotEmpty()
                .allMatch(r -> r.endsWith("reported at generation 3, needed is 4"));
    }

    @Test
    void takesOneChangeAtATime() {
        commitAndClose(new Change.Drain(List.of("p0"), 0));

        Refused refused = (Refused) world.ask(new Change.Drain(List.of("p1"), 0));
        assertThat(refused.reason())
                .startsWith("without stamps on the wire pool web takes one change at a time");
    }

    @Test
    void everyPublishIsAcknowledgedBeforeTheNextChange() {
        commitAndClose(new Change.Drain(List.of("p0"), 0));
        world.allReportEmpty();
        world.step();
        assertThat(((Refused) world.ask(new Change.Drain(List.of("p1"), 0))).reason())
                .startsWith("not everyone knows the last change");
        world.allAcknowledge();
        assertThat(world.ask(new Change.Drain(List.of("p1"), 0))).isInstanceOf(Accepted.class);
    }

    @Test
    void aNewOwnerPushesASecondHopOutOnlyWhereItHoldsNothing() {
        assertThat(((Refused) world.ask(new Change.Fill(List.of("p3")))).reason())
                .startsWith("hops would be pushed out of chains of pool web: proxy p0 has made no");
        world.allReportEmpty();
        assertThat(world.ask(new Change.Fill(List.of("p3")))).isInstanceOf(Accepted.class);

        int pushed =
                ChainTable.of(world.state)
                        .leaving(ChainTable.of(prepared(new Change.Fill(List.of("p3")))))
                        .getOrDefault(1, RowSet.NONE)
                        .rows()
                        .findFirst()
                        .orElseThrow();
        world.report("p1", RowSet.of(IntStream.of(pushed)));
        Refused refused = (Refused) world.ask(new Change.Fill(List.of("p3")));
        assertThat(refused.proxies()).containsExactly("p1");
    }

    /** C6b: the old primary stays as second hop, so nobody leaves a chain, yet it must be empty. */
    @Test
    void settleChecksAnOldPrimaryThatStaysAsSecondHop() {
        world.allReportEmpty();
        commitAndClose(new Change.Fill(List.of("p3")));
        world.allReportEmpty();
        ForwardingTable table = ChainTable.of(world.state);
        int taken =
                IntStream.range(0, ForwardingTable.ROWS)
                        .filter(row -> table.hop(row, 0) == 3 && table.hop(row, 1) == 1)
                        .findFirst()
                        .orElseThrow();
        assertThat(table.isDisplaced(taken, 1)).isTrue();
        world.report("p1", RowSet.of(IntStream.of(taken)));

        assertThat(world.waitsFor())
                .containsExactly("epoch 1 settles: proxy p1 holds 1 connections on 1 rows");
    }

    @Test
    void commitNeverTakesAHopOutOfAChain() {
        for (Change change :
                List.<Change>of(
                        new Change.Drain(List.of("p0", "p1"), 0),
                        new Change.Fill(List.of("p3")),
                        new Change.Weigh(new TreeMap<>(Map.of("p0", 1, "p2", 500)), 0),
                        new Change.Replace("p0", "p3", 0))) {
            PoolState begun = prepared(change);
            PoolState committed =
                    begun.withEpochs(
                            Commit.live(begun, begun.pending().orElseThrow(), 0), Optional.empty());
            assertThat(ChainTable.of(begun).leaving(ChainTable.of(committed))).isEmpty();
        }
    }

    @Test
    void thePrimaryOfEveryViewIsInThePair() {
        PoolState begun = prepared(new Change.Replace("p0", "p3", 0));
        ForwardingTable table = ChainTable.of(begun);
        ForwardingTable old = ChainTable.of(world.state);
        ForwardingTable then =
                ChainTable.of(
                        begun.withEpochs(List.of(begun.pending().orElseThrow()), Optional.empty()));
        for (int row = 0; row < table.rows(); row++) {
            assertThat(table.hop(row, 0)).isEqualTo(old.hop(row, 0));
            assertThat(table.isHop(row, then.hop(row, 0))).isTrue();
            assertThat(table.hopCount(row)).isEqualTo(2);
        }
    }

    private PoolState prepared(Change change) {
        world.allReportEmpty();
        return ((Accepted) world.ask(change)).next();
    }

    private void commitAndClose(Change change) {
        world.begin(change);
        world.allAcknowledge();
        world.step();
        world.allAcknowledge();
        world.step();
        world.allAcknowledge();
    }
}
