package dev.sluice.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.agent.ProxyHostEffect.AllowSenders;
import dev.sluice.cluster.agent.ProxyHostEffect.Confirm;
import dev.sluice.cluster.agent.ProxyHostEffect.Install;
import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.agent.ProxyHostEffect.Persist;
import dev.sluice.cluster.agent.ProxyHostEffect.PublishMember;
import dev.sluice.cluster.agent.ProxyHostEffect.Report;
import dev.sluice.cluster.agent.ProxyHostEffect.ResetFlows;
import dev.sluice.cluster.agent.ProxyHostEffect.Scan;
import dev.sluice.cluster.agent.ProxyHostEffect.Serve;
import dev.sluice.cluster.agent.ProxyHostObservation.DirectorGone;
import dev.sluice.cluster.agent.ProxyHostObservation.DirectorRead;
import dev.sluice.cluster.agent.ProxyHostObservation.Installed;
import dev.sluice.cluster.agent.ProxyHostObservation.Persisted;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRead;
import dev.sluice.cluster.agent.ProxyHostObservation.Reread;
import dev.sluice.cluster.agent.ProxyHostObservation.Scanned;
import dev.sluice.cluster.agent.ProxyHostObservation.SessionLost;
import dev.sluice.cluster.agent.ProxyHostObservation.Started;
import dev.sluice.cluster.agent.ProxyHostObservation.Tick;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

class ProxyHostStepTest {
    private static final PoolState STEADY = Pools.active(3);

    /** p0 drains: it is in the older epoch only. */
    private static final PoolState DRAINING =
            Pools.withEpochs(Wire.SLUICE, 3, new int[] {1, 2}, new int[] {0, 1, 2});

    private static final DisplacedRows NONE = new DisplacedRows(RowSet.NONE, 0);

    private ProxyHostState state = ProxyHostState.initial("p0", "i1");
    private long nowNanos = 1;

    @Test
    void installsThenPersistsThenTellsOthers() {
        assertThat(on(new PoolRead(STEADY))).containsExactly(new Install(STEADY));
        assertThat(on(new Installed("web", 1))).containsExactly(new Persist(STEADY));
        assertThat(state.persisted()).isEmpty();
        assertThat(on(new Persisted("web", 1))).containsExactly(new PublishMember());
        assertThat(state.persisted()).containsEntry("web", 1L);
    }

    @Test
    void scansOnlyASecondAfterTheInstall() {
        install(DRAINING);
        assertThat(on(new Tick())).isEmpty();

        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        assertThat(on(new Tick())).containsExactly(new Scan("web", 1));
        assertThat(on(new Tick())).isEmpty();
    }

    @Test
    void scansNowAndThenWhileNoChangeIsOpen() {
        install(STEADY);
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        assertThat(on(new Tick())).containsExactly(new Scan("web", 1));
        on(new Scanned("web", 1, NONE));

        nowNanos += ProxyHostStep.STEADY_SCAN_NANOS - 1;
        assertThat(on(new Tick())).isEmpty();
        nowNanos++;
        assertThat(on(new Tick())).containsExactly(new Scan("web", 1));
        assertThat(on(new Scanned("web", 1, NONE))).isEmpty();
    }

    @Test
    void withoutStampsItWaitsTwiceAsLongBeforeTheScanThatCounts() {
        install(Pools.withEpochs(Wire.GLB, 3, new int[] {1, 2}, new int[] {0, 1, 2}));
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        assertThat(on(new Tick())).isEmpty();

        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        assertThat(on(new Tick())).containsExactly(new Scan("web", 1));
    }

    @Test
    void resetsWhatIsOverdueAfterEveryScanUntilNothingIsLeft() {
        install(at(DRAINING, 1, true));
        RowSet rows = RowSet.of(IntStream.of(7, 8));
        DisplacedRows overdue = new DisplacedRows(rows, 3, RowSet.of(IntStream.of(8)));
        for (int scan = 0; scan < 2; scan++) {
            nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
            on(new Tick());
            assertThat(on(new Scanned("web", 1, overdue)))
                    .contains(new ResetFlows("web", RowSet.of(IntStream.of(8))));
        }
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        on(new Tick());
        assertThat(on(new Scanned("web", 1, NONE)))
                .containsExactly(new Report("web", new OwnedReport("i1", 1, true, RowSet.NONE, 0)));
    }

    @Test
    void allowsDirectorsAndProxiesOfTheNewestStateToSend() {
        Address director = Address.parse("198.18.0.9");
        on(new DirectorRead("d1", Set.of(director)));
        assertThat(on(new PoolRead(STEADY))).contains(allowing(director, STEADY));

        PoolState larger = at(Pools.active(4), 2, false);
        assertThat(on(new PoolRead(larger))).contains(allowing(director, larger));

        Address beside = Address.parse("2001:db8::9");
        assertThat(on(new DirectorRead("d1", Set.of(director, beside))))
                .singleElement()
                .isInstanceOfSatisfying(
                        AllowSenders.class,
                        allowed -> assertThat(allowed.addresses()).contains(director, beside));
    }

    private static AllowSenders allowing(Address director, PoolState pool) {
        Set<Address> all = new HashSet<>(Set.of(director));
        pool.proxies().forEach(proxy -> all.add(proxy.address()));
        return new AllowSenders(all);
    }

    @Test
    void letsEverybodySendWhileADirectorsAddressIsNotKnown() {
        Address director = Address.parse("198.18.0.9");
        on(new PoolRead(STEADY));
        assertThat(on(new DirectorRead("d1", Set.of(director))))
                .containsExactly(allowing(director, STEADY));
        assertThat(on(new DirectorRead("d2", Set.of())))
                .containsExactly(new AllowSenders(Set.of()));
        assertThat(on(new DirectorGone("d2"))).containsExactly(allowing(director, STEADY));
        assertThat(on(new DirectorGone("d1"))).containsExactly(new AllowSenders(Set.of()));
    }

    @Test
    void resetsNothingByAScanThatDoesNotCount() {
        install(at(DRAINING, 1, true));
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        on(new Tick());
        on(new PoolRead(at(STEADY, 2, false)));
        on(new Installed("web", 2));

        DisplacedRows overdue =
                new DisplacedRows(RowSet.of(IntStream.of(8)), 1, RowSet.of(IntStream.of(8)));
        assertThat(on(new Scanned("web", 1, overdue))).isEmpty();
    }

    @Test
    void aProxyThatIsNotRegisteredAnyMoreGoesOn() {
        install(DRAINING);
        on(new Reread());
        PoolState without =
                new PoolState(
                        "web",
                        2,
                        DRAINING.spec(),
                        DRAINING.proxies().subList(1, 3),
                        List.of(DRAINING.newest()),
                        Optional.empty(),
                        3);
        assertThat(on(new PoolRead(without))).containsExactly(new Install(without));
        assertThat(on(new Installed("web", 2))).hasAtLeastOneElementOfType(Confirm.class);
        on(new Persisted("web", 2));
        nowNanos += 60 * ProxyHostStep.SCAN_DELAY_NANOS;

        assertThat(on(new Tick()))
                .containsExactly(
                        new Confirm(nowNanos + ProxyHostStep.LEASE_NANOS), new Scan("web", 2));
    }

    @Test
    void reportsWhatItHoldsAndAgainOnlyWhenItChanged() {
        install(DRAINING);
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        on(new Tick());
        DisplacedRows held = new DisplacedRows(RowSet.of(IntStream.of(7)), 3);
        OwnedReport report = new OwnedReport("i1", 1, true, held.rows(), 3);

        assertThat(on(new Scanned("web", 1, held))).containsExactly(new Report("web", report));
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        on(new Tick());
        assertThat(on(new Scanned("web", 1, held))).isEmpty();
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        on(new Tick());
        assertThat(on(new Scanned("web", 1, NONE)))
                .containsExactly(new Report("web", new OwnedReport("i1", 1, true, RowSet.NONE, 0)));
    }

    @Test
    void aScanOfAnEarlierGenerationDoesNotCount() {
        install(DRAINING);
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        on(new Tick());
        PoolState next = at(DRAINING, 2, false);
        on(new PoolRead(next));
        on(new Installed("web", 2));
        on(new Persisted("web", 2));

        assertThat(on(new Scanned("web", 1, NONE))).isEmpty();
        assertThat(state.report("web")).isEmpty();
    }

    @Test
    void aScanBeforeTheGenerationIsPersistedDoesNotCount() {
        on(new PoolRead(DRAINING));
        on(new Installed("web", 1));
        nowNanos += ProxyHostStep.SCAN_DELAY_NANOS;
        assertThat(on(new Tick())).containsExactly(new Scan("web", 1));

        assertThat(on(new Scanned("web", 1, NONE))).isEmpty();
        assertThat(state.report("web")).isEqualTo(Optional.empty());
    }

    @Test
    void withoutStampsItDoesNotClaimToBeFenced() {
        install(Pools.withEpochs(Wire.GLB, 3, new int[] {1, 2}, new int[] {0, 1, 2}));
        nowNanos += ProxyHostStep.GLB_SCAN_DELAY_NANOS;
        on(new Tick());

        on(new Scanned("web", 1, NONE));
        assertThat(state.report("web").orElseThrow().fenced()).isFalse();
    }

    @Test
    void confirmsItsTablesOnlyWhileTheSessionIsFresh() {
        assertThat(on(new Tick())).isEmpty();
        assertThat(on(new Reread()))
                .containsExactly(
                        new Confirm(nowNanos + ProxyHostStep.LEASE_NANOS), new PublishMember());
        nowNanos += 1_000_000_000L;
        assertThat(on(new Tick()))
                .containsExactly(new Confirm(nowNanos + ProxyHostStep.LEASE_NANOS));
        assertThat(on(new SessionLost())).containsExactly(new Confirm(0));
        assertThat(on(new Tick())).isEmpty();
    }

    @Test
    void confirmsANewTableAtOnceWhileTheSessionIsFresh() {
        on(new Reread());
        on(new PoolRead(STEADY));

        assertThat(on(new Installed("web", 1)))
                .containsExactly(
                        new Confirm(nowNanos + ProxyHostStep.LEASE_NANOS), new Persist(STEADY));
    }

    @Test
    void drainsTheEngineOnlyOnceTheFenceIsInstalled() {
        install(STEADY);
        PoolState drained = at(DRAINING, 2, false);
        assertThat(on(new PoolRead(drained))).containsExactly(new Install(drained));
        assertThat(state.mode()).isEqualTo(Mode.SERVING);

        assertThat(on(new Installed("web", 2)))
                .containsExactly(new Persist(drained), new Serve(Mode.DRAINING));
    }

    @Test
    void servesAgainWhenFilledAgain() {
        install(DRAINING);
        assertThat(state.mode()).isEqualTo(Mode.DRAINING);
        on(new PoolRead(at(STEADY, 2, false)));

        assertThat(on(new Installed("web", 2))).contains(new Serve(Mode.SERVING));
    }

    @Test
    void cutsWhatIsLeftWhenTheDeadlineHasPassed() {
        install(DRAINING);
        on(new PoolRead(at(DRAINING, 2, true)));

        assertThat(on(new Installed("web", 2))).contains(new Serve(Mode.CUTTING));
    }

    @Test
    void startsFromWhatItPersisted() {
        assertThat(on(new Started(List.of(DRAINING), Map.of("web", 1L))))
                .containsExactly(new Install(DRAINING));
    }

    @Test
    void keepsAPinnedTableThatIsNewerThanWhatItPersistedUntilItReadsAsMuch() {
        PoolState newer = at(STEADY, 2, false);
        assertThat(on(new Started(List.of(STEADY), Map.of("web", 2L)))).isEmpty();
        assertThat(on(new Tick())).isEmpty();

        assertThat(on(new PoolRead(newer))).containsExactly(new Install(newer));
    }

    private void install(PoolState pool) {
        on(new PoolRead(pool));
        on(new Installed("web", pool.generation()));
        on(new Persisted("web", pool.generation()));
    }

    private List<ProxyHostEffect> on(ProxyHostObservation observation) {
        Step<ProxyHostState, ProxyHostEffect> step =
                ProxyHostStep.apply(state, observation, nowNanos);
        state = step.state();
        return step.effects();
    }

    private static PoolState at(PoolState state, long generation, boolean expired) {
        List<Epoch> live =
                state.live().stream()
                        .map(e -> expired && !e.equals(state.newest()) ? e.pastDeadline() : e)
                        .toList();
        return new PoolState(
                state.name(),
                generation,
                state.spec(),
                state.proxies(),
                live,
                state.pending(),
                state.nextEpochId());
    }
}
