package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Decision.Refused;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class ForceTest {
    private static final Change FILL = new Change.Fill(List.of("p4", "p5"));

    private static final RowSet ALL = RowSet.of(IntStream.range(0, 65_536));

    /** Four hops a row are in use: nothing more fits. */
    private final World crowded =
            new World(Pools.withEpochs(Wire.SLUICE, 6, new int[] {0, 1}, new int[] {2, 3}));

    @Test
    void withoutForceTheRefusalSaysWhichRowsAndWhoHoldsThem() {
        crowded.report("p2", RowSet.of(IntStream.of(7, 8)));
        crowded.report("p3", RowSet.NONE);

        Refused refused = (Refused) crowded.ask(FILL);
        assertThat(refused.kind()).isEqualTo(Kind.NOT_NOW);
        assertThat(refused.reason())
                .matches(
                        "\\d+ rows of pool web would need more than 4 hops: proxy p2 holds 2"
                                + " connections on 2 rows");
        assertThat(refused.rows().size()).isGreaterThan(50_000);
        assertThat(refused.proxies()).containsExactly("p2");
        assertThat(refused.earliestUnixMs()).isEmpty();
        assertThat(refused.wayOut()).startsWith("wait until epoch 1 has settled");
    }

    @Test
    void theEarliestTimeIsTheDeadlineOfWhatStandsInTheWay() {
        Epoch old = crowded.state.live().getLast().replaced(123_456);
        crowded.state =
                crowded.state.withEpochs(
                        List.of(crowded.state.newest(), old), crowded.state.pending());

        assertThat(((Refused) crowded.ask(FILL)).earliestUnixMs()).hasValue(123_456);
    }

    @Test
    void dropsTheOldestEpochsUntilTheChainsFitAndCountsWhatThatMayCut() {
        crowded.report("p2", RowSet.of(IntStream.of(7, 8)));
        crowded.reports.remove("p3");

        Accepted forced = (Accepted) crowded.force(FILL);
        assertThat(forced.effect())
                .isEqualTo("p4, p5 fill, epoch 1 dropped by force: epoch 3 prepared");
        assertThat(forced.next().live()).hasSize(1);
        assertThat(forced.next().pending()).isPresent();
        assertThat(new ChainTable().overfullRows(forced.next()).isEmpty()).isTrue();
        // All rows: p3 has not told.
        assertThat(forced.risk()).isEqualTo(new Risk(ALL, 2, List.of("p3")));
    }

    @Test
    void aChangeThatNeedsNoForceHasNoRisk() {
        World world = new World(Pools.active(4));
        Accepted forced = (Accepted) world.force(new Change.Drain(List.of("p0"), 0));
        assertThat(forced.risk()).isEqualTo(Risk.NONE);
        assertThat(forced).isEqualTo(world.ask(new Change.Drain(List.of("p0"), 0)));
    }

    @Test
    void givesUpWhatIsBeingPrepared() {
        World world = new World(Pools.active(4));
        world.begin(new Change.Drain(List.of("p0"), 0));

        Accepted forced = (Accepted) world.force(new Change.Drain(List.of("p1"), 0));
        assertThat(forced.effect()).isEqualTo("p1 drains, epoch 2 given up: epoch 3 prepared");
        Epoch pending = forced.next().pending().orElseThrow();
        assertThat(pending.has("p0")).isTrue();
        assertThat(pending.has("p1")).isFalse();
        assertThat(forced.next().generation()).isEqualTo(3);
    }

    @Test
    void beginsAlthoughTheLastCommitIsNotKnownAndNamesTheLaggards() {
        World world = new World(Pools.active(4));
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        assertThat(world.ask(new Change.Drain(List.of("p1"), 0))).isInstanceOf(Refused.class);

        Accepted forced = (Accepted) world.force(new Change.Drain(List.of("p1"), 0));
        assertThat(forced.risk().unknown()).contains("d1", "d2", "p0");
        assertThat(forced.risk().rows().size()).isPositive();
        assertThat(forced.next().pending()).isPresent();
    }

    @Test
    void onGlbsWireTheHopThatANewOwnerPushesOutIsAtRisk() {
        World world = new World(Pools.withEpochs(Wire.GLB, 4, new int[] {0, 1, 2}));
        world.allReportEmpty();
        RowSet pushed =
                ChainTable.of(world.state)
                        .leaving(
                                ChainTable.of(
                                        ((Accepted) world.ask(new Change.Fill(List.of("p3"))))
                                                .next()))
                        .getOrDefault(1, RowSet.NONE);
        world.report("p1", ALL);

        Accepted forced = (Accepted) world.force(new Change.Fill(List.of("p3")));
        assertThat(pushed.size()).isPositive();
        assertThat(forced.risk().rows()).isEqualTo(pushed);
        assertThat(forced.risk().flows()).isEqualTo(65_536);
    }

    @Test
    void neverSkipsPrepareByForce() {
        World world = new World(Pools.active(4));
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();

        Accepted back = (Accepted) world.force(new Change.Fill(List.of("p0")));
        assertThat(back.next().pending()).isPresent();
    }

    @Test
    void whatMakesNoSenseIsRefusedAllTheSame() {
        assertThat(crowded.force(new Change.Drain(List.of("p0", "p1"), 0)))
                .isInstanceOf(Refused.class);
        assertThat(crowded.force(new Change.Fill(List.of("px")))).isInstanceOf(Refused.class);
    }

    @Test
    void settlesAnEpochWhoseHolderIsSilent() {
        assertThat(((Refused) crowded.ask(new Change.Settle(1))).reason())
                .startsWith("epoch 1 is still in use: proxy p2 has made no report");

        Accepted forced = (Accepted) crowded.force(new Change.Settle(1));
        assertThat(forced.next().live()).hasSize(1);
        assertThat(forced.risk().unknown()).containsExactly("p2", "p3");
        assertThat(((Refused) crowded.force(new Change.Settle(2))).kind()).isEqualTo(Kind.WRONG);
    }
}
