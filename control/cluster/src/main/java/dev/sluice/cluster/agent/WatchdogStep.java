package dev.sluice.cluster.agent;

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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * When a director host is withdrawn though nobody asked: its agent is dead, by the host itself and
 * by ZooKeeper, and its table has been stale for a while. Then, and only then, every change waits
 * for a director that will not come (PROTOCOL rules 5, 12).
 *
 * <p>A current table goes on forwarding without its agent, and with ZooKeeper away nothing is known
 * to be stale: both stay as they are. An agent that returns announces itself (rule 13).
 */
public final class WatchdogStep {
    private final List<WatchdogEffect> effects = new ArrayList<>();
    private final long nowNanos;
    private WatchdogState state;

    private WatchdogStep(WatchdogState state, long nowNanos) {
        this.state = state;
        this.nowNanos = nowNanos;
    }

    public static Step<WatchdogState, WatchdogEffect> apply(
            WatchdogState state, WatchdogObservation observation, long nowNanos) {
        WatchdogStep step = new WatchdogStep(state, nowNanos);
        step.observe(observation);
        return new Step<>(step.state, step.effects);
    }

    private void observe(WatchdogObservation observation) {
        switch (observation) {
            case PoolRead read -> state = state.withGeneration(read.pool(), read.generation());
            case PoolGone gone -> state = state.withGeneration(gone.pool(), 0);
            case AgentSeen agent -> state = state.withAgentPresent(agent.present());
            case RecordRead read -> state = state.withOnRecord(read.withdrawn());
            case Reread ignored -> state = state.withFresh(true);
            case SessionLost ignored -> state = state.withFresh(false);
            case Tick ignored -> effects.add(new Look());
            case Looked looked -> onLooked(looked);
            case Withdrawn ignored -> state = state.withWithdrawn(true);
            case WithdrawFailed ignored -> state = state.withStaleSince(OptionalLong.of(nowNanos));
        }
    }

    private void onLooked(Looked looked) {
        if (looked.agentRuns()) {
            state = state.withWithdrawn(false).withStaleSince(OptionalLong.empty());
            return;
        }
        List<String> stale = stale(looked.inKernel());
        if (!state.fresh() || state.agentPresent() || state.isOut() || stale.isEmpty()) {
            state = state.withStaleSince(OptionalLong.empty());
        } else if (state.staleSinceNanos().isEmpty()) {
            state = state.withStaleSince(OptionalLong.of(nowNanos));
        } else if (nowNanos - state.staleSinceNanos().getAsLong() >= state.patienceNanos()) {
            effects.add(new Withdraw("its agent is not running, and " + String.join(", ", stale)));
        }
    }

    private List<String> stale(Map<String, Long> inKernel) {
        return state.generations().entrySet().stream()
                .filter(pool -> inKernel.getOrDefault(pool.getKey(), 0L) < pool.getValue())
                .map(pool ->
                        "pool %s is at generation %d while its table is of %d"
                                .formatted(
                                        pool.getKey(),
                                        pool.getValue(),
                                        inKernel.getOrDefault(pool.getKey(), 0L)))
                .sorted()
                .toList();
    }
}
