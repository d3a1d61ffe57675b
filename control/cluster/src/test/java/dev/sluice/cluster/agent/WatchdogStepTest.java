package dev.sluice.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.agent.WatchdogEffect.Look;
import dev.sluice.cluster.agent.WatchdogEffect.Withdraw;
import dev.sluice.cluster.agent.WatchdogObservation.AgentSeen;
import dev.sluice.cluster.agent.WatchdogObservation.Looked;
import dev.sluice.cluster.agent.WatchdogObservation.PoolGone;
import dev.sluice.cluster.agent.WatchdogObservation.PoolRead;
import dev.sluice.cluster.agent.WatchdogObservation.RecordRead;
import dev.sluice.cluster.agent.WatchdogObservation.Reread;
import dev.sluice.cluster.agent.WatchdogObservation.SessionLost;
import dev.sluice.cluster.agent.WatchdogObservation.Tick;
import dev.sluice.cluster.agent.WatchdogObservation.WithdrawFailed;
import dev.sluice.cluster.agent.WatchdogObservation.Withdrawn;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class WatchdogStepTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE = 15 * SECOND;
    private static final Looked CURRENT = new Looked(false, Map.of("web", 7L));
    private static final Looked STALE = new Looked(false, Map.of("web", 6L));
    private static final Looked NO_TABLE = new Looked(false, Map.of());
    private static final Looked RUNS = new Looked(true, Map.of());

    private WatchdogState state = WatchdogState.initial(PATIENCE);
    private long nowNanos;

    @BeforeEach
    void connect() {
        on(new PoolRead("web", 7));
        on(new Reread());
    }

    private List<WatchdogEffect> on(WatchdogObservation observation) {
        Step<WatchdogState, WatchdogEffect> step = WatchdogStep.apply(state, observation, nowNanos);
        state = step.state();
        return step.effects();
    }

    private List<WatchdogEffect> later(long nanos, WatchdogObservation observation) {
        nowNanos += nanos;
        return on(observation);
    }

    /** A table that has been stale for exactly as long as is allowed. */
    private List<WatchdogEffect> outOfPatience() {
        on(STALE);
        return later(PATIENCE, STALE);
    }

    @Test
    void looksOnceATick() {
        assertThat(on(new Tick())).containsExactly(new Look());
    }

    @Test
    void withdrawsAHostWhoseAgentIsDeadAndWhoseTableStaysStale() {
        assertThat(on(STALE)).isEmpty();
        assertThat(later(PATIENCE - 1, STALE)).isEmpty();
        assertThat(later(1, STALE))
                .containsExactly(
                        new Withdraw(
                                "its agent is not running, and pool web is at generation 7 while its"
                                        + " table is of 6"));
    }

    @Test
    void countsAHostWithoutATableAsStale() {
        on(NO_TABLE);
        assertThat(later(PATIENCE, NO_TABLE)).hasSize(1);
    }

    @Test
    void leavesACurrentTableAloneHoweverLongTheAgentIsDead() {
        on(CURRENT);
        assertThat(later(100 * PATIENCE, CURRENT)).isEmpty();
    }

    @Test
    void leavesARunningAgentAloneHoweverStaleItIs() {
        on(RUNS);
        assertThat(later(100 * PATIENCE, RUNS)).isEmpty();
    }

    @Test
    void doesNothingWhileZooKeeperIsAwayAndBeginsToCountAnewAfterwards() {
        on(STALE);
        on(new SessionLost());
        assertThat(later(100 * PATIENCE, STALE)).isEmpty();

        on(new Reread());
        assertThat(on(STALE)).isEmpty();
        assertThat(later(PATIENCE, STALE)).hasSize(1);
    }

    @Test
    void waitsForTheAgentsSessionToEndToo() {
        on(new AgentSeen(true));
        assertThat(outOfPatience()).isEmpty();
        on(new AgentSeen(false));
        assertThat(outOfPatience()).hasSize(1);
    }

    @Test
    void countsAnewAfterTheAgentRanInBetween() {
        on(STALE);
        later(PATIENCE - 1, RUNS);
        assertThat(later(1, STALE)).isEmpty();
    }

    @Test
    void withdrawsOnceUntilAnAgentHasRun() {
        assertThat(outOfPatience()).hasSize(1);
        on(new Withdrawn());
        assertThat(outOfPatience()).isEmpty();

        on(RUNS);
        assertThat(outOfPatience()).hasSize(1);
    }

    @Test
    void doesNotRepeatWhatAnOperatorOrAnEarlierWatchdogDid() {
        on(new RecordRead(true));
        assertThat(outOfPatience()).isEmpty();
        on(new RecordRead(false));
        assertThat(outOfPatience()).hasSize(1);
    }

    @Test
    void triesAgainAWhileAfterAFailure() {
        assertThat(outOfPatience()).hasSize(1);
        on(new WithdrawFailed("announce down ended with 1"));
        assertThat(later(PATIENCE - 1, STALE)).isEmpty();
        assertThat(later(1, STALE)).hasSize(1);
    }

    @Test
    void forgetsAPoolThatIsGone() {
        on(new PoolGone("web"));
        assertThat(outOfPatience()).isEmpty();
    }
}
