package dev.sluice.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.agent.DirectorEffect.Acknowledge;
import dev.sluice.cluster.agent.DirectorEffect.Announce;
import dev.sluice.cluster.agent.DirectorEffect.Install;
import dev.sluice.cluster.agent.DirectorEffect.PublishMember;
import dev.sluice.cluster.agent.DirectorEffect.SaveSnapshot;
import dev.sluice.cluster.agent.DirectorObservation.Acknowledged;
import dev.sluice.cluster.agent.DirectorObservation.AnnounceFailed;
import dev.sluice.cluster.agent.DirectorObservation.HopProbed;
import dev.sluice.cluster.agent.DirectorObservation.InstallFailed;
import dev.sluice.cluster.agent.DirectorObservation.Installed;
import dev.sluice.cluster.agent.DirectorObservation.PoolRead;
import dev.sluice.cluster.agent.DirectorObservation.PoolRefused;
import dev.sluice.cluster.agent.DirectorObservation.Reread;
import dev.sluice.cluster.agent.DirectorObservation.SessionLost;
import dev.sluice.cluster.agent.DirectorObservation.Started;
import dev.sluice.cluster.agent.DirectorObservation.Tick;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class DirectorStepTest {
    private static final PoolState POOL = Pools.active(3);
    private static final Set<String> NOBODY = Set.of();

    private DirectorState state = DirectorState.initial(new HopHealth.Thresholds(3, 2), 0);
    private long nowNanos;

    @Test
    void installsAcknowledgesAndOnlyThenAnnounces() {
        assertThat(on(new PoolRead(POOL))).containsExactly(new Install(POOL, NOBODY));
        assertThat(on(new Reread())).containsExactly(new PublishMember());
        assertThat(on(new Installed("web", 1, NOBODY)))
                .containsExactly(new SaveSnapshot(POOL), new Acknowledge(Map.of("web", 1L)));
        assertThat(on(new Acknowledged(Map.of("web", 1L))))
                .containsExactly(new Announce(), new PublishMember());
        assertThat(on(new Tick())).isEmpty();
    }

    @Test
    void asksForOneInstallAtATimeAndThenTheNewest() {
        on(new PoolRead(POOL));
        assertThat(on(new PoolRead(next(POOL)))).isEmpty();
        assertThat(on(new PoolRead(next(next(POOL))))).isEmpty();

        assertThat(on(new Installed("web", 1, NOBODY)))
                .contains(new Install(next(next(POOL)), NOBODY));
    }

    @Test
    void keepsWhatItHasWhenAnOlderGenerationIsRead() {
        running();
        on(new PoolRead(next(POOL)));
        on(new Installed("web", 2, NOBODY));

        assertThat(on(new PoolRead(POOL))).containsExactly(new PublishMember());
        assertThat(state.problems().get("web"))
                .isEqualTo("generation 1 was read, older than 2 in use: kept");
        assertThat(state.installed()).containsEntry("web", 2L);
    }

    @Test
    void keepsServingWhenARecordIsCorrupt() {
        running();

        assertThat(on(new PoolRefused("web", "no live epoch")))
                .containsExactly(new PublishMember());
        assertThat(on(new PoolRefused("web", "no live epoch"))).isEmpty();
        assertThat(state.problems()).containsEntry("web", "no live epoch");
        assertThat(on(new PoolRead(next(POOL))))
                .containsExactly(new PublishMember(), new Install(next(POOL), NOBODY));
        assertThat(state.problems()).isEmpty();
    }

    @Test
    void demotesAHopAfterThreeFailuresAndTakesItBackAfterTwoSuccesses() {
        running();
        assertThat(on(failed("p1"))).isEmpty();
        assertThat(on(failed("p1"))).isEmpty();
        assertThat(on(failed("p1")))
                .containsExactly(new PublishMember(), new Install(POOL, Set.of("p1")));
        assertThat(on(new Installed("web", 1, Set.of("p1")))).isEmpty();

        assertThat(on(succeeded("p1"))).isEmpty();
        assertThat(on(succeeded("p1")))
                .containsExactly(new PublishMember(), new Install(POOL, NOBODY));
    }

    @Test
    void aSingleSuccessStartsTheCountOfFailuresAgain() {
        running();
        on(failed("p1"));
        on(failed("p1"));
        on(succeeded("p1"));

        assertThat(on(failed("p1"))).isEmpty();
        assertThat(on(failed("p1"))).isEmpty();
        assertThat(on(failed("p1"))).hasSize(2);
    }

    @Test
    void withoutStampsItDemotesNobodyWhileAChangeIsOpen() {
        PoolState glb = Pools.withEpochs(Wire.GLB, 3, new int[] {0, 1}, new int[] {0, 1, 2});
        on(new PoolRead(glb));
        on(new Installed("web", 1, NOBODY));
        on(failed("p1"));
        on(failed("p1"));

        assertThat(on(failed("p1"))).containsExactly(new PublishMember());
    }

    @Test
    void announcesItsSnapshotWhenZooKeeperStaysAway() {
        assertThat(on(new Started(List.of(POOL), Map.of())))
                .containsExactly(new Install(POOL, NOBODY));
        on(new Installed("web", 1, NOBODY));
        assertThat(on(new Tick())).isEmpty();

        nowNanos = DirectorStep.SNAPSHOT_PATIENCE_NANOS;
        assertThat(on(new Tick())).containsExactly(new Announce(), new PublishMember());
    }

    @Test
    void neverAnnouncesASnapshotWithoutStampsOnTheWire() {
        PoolState glb = Pools.withEpochs(Wire.GLB, 3, new int[] {0, 1, 2});
        on(new Started(List.of(glb), Map.of("web", 1L)));
        on(new Installed("web", 1, NOBODY));

        nowNanos = 100 * DirectorStep.SNAPSHOT_PATIENCE_NANOS;
        assertThat(on(new Tick())).isEmpty();
    }

    /** C17: routers may still send here, and nobody finds a flow that it sends astray. */
    @Test
    void withoutStampsOnTheWireAnEmptyKernelGetsNoSnapshot() {
        PoolState glb = Pools.withEpochs(Wire.GLB, 3, new int[] {0, 1, 2});
        assertThat(on(new Started(List.of(glb), Map.of()))).isEmpty();
        assertThat(on(new PoolRead(glb))).isEmpty();
        assertThat(on(new Reread())).contains(new Install(glb, NOBODY));
    }

    @Test
    void withoutStampsOnTheWireAPinnedTableGoesOn() {
        PoolState glb = Pools.withEpochs(Wire.GLB, 3, new int[] {0, 1, 2});
        assertThat(on(new Started(List.of(glb), Map.of("web", 1L))))
                .containsExactly(new Install(glb, NOBODY));
    }

    @Test
    void reinstallsAPinnedTableOfTheSameGenerationOnce() {
        assertThat(on(new Started(List.of(POOL), Map.of("web", 1L))))
                .containsExactly(new Install(POOL, NOBODY));
        assertThat(state.installed()).containsEntry("web", 1L);
        assertThat(on(new Installed("web", 1, NOBODY))).isEmpty();
        assertThat(on(new Tick())).isEmpty();
    }

    @Test
    void keepsAPinnedTableThatIsNewerThanItsSnapshotUntilItReadsAsMuch() {
        assertThat(on(new Started(List.of(POOL), Map.of("web", 2L)))).isEmpty();
        assertThat(on(new Tick())).isEmpty();

        assertThat(on(new PoolRead(next(POOL)))).containsExactly(new Install(next(POOL), NOBODY));
    }

    @Test
    void triesAFailedInstallAgainAtTheNextTick() {
        on(new PoolRead(POOL));
        assertThat(on(new InstallFailed("web", 1, "no such device")))
                .containsExactly(new PublishMember());
        assertThat(on(new Tick())).containsExactly(new Install(POOL, NOBODY));
    }

    @Test
    void announcesAgainAtTheNextTickWhenTheRoutersCouldNotBeTold() {
        running();
        assertThat(on(new AnnounceFailed("exit 2"))).containsExactly(new PublishMember());
        assertThat(state.announcing()).isFalse();
        assertThat(on(new Tick()))
                .containsExactly(new PublishMember(), new Announce(), new PublishMember());
    }

    @Test
    void acknowledgesAgainAfterALostSession() {
        running();
        assertThat(on(new SessionLost())).isEmpty();
        assertThat(on(new Reread()))
                .containsExactly(new Acknowledge(Map.of("web", 1L)), new PublishMember());
    }

    private void running() {
        on(new PoolRead(POOL));
        on(new Reread());
        on(new Installed("web", 1, NOBODY));
        on(new Acknowledged(Map.of("web", 1L)));
    }

    private List<DirectorEffect> on(DirectorObservation observation) {
        Step<DirectorState, DirectorEffect> step = DirectorStep.apply(state, observation, nowNanos);
        state = step.state();
        return step.effects();
    }

    private static HopProbed failed(String proxy) {
        return new HopProbed(proxy, false, "connection refused");
    }

    private static HopProbed succeeded(String proxy) {
        return new HopProbed(proxy, true, "");
    }

    private static PoolState next(PoolState state) {
        return new PoolState(
                state.name(),
                state.generation() + 1,
                state.spec(),
                state.proxies(),
                state.live(),
                state.pending(),
                state.nextEpochId());
    }
}
