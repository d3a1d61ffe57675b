package dev.sluice.cluster.agent;

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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a director decides: PROTOCOL rules 13 to 15.
 *
 * <p>Install only greater generations; acknowledge only after the swap; announce only after the
 * acknowledgement is on record, or from the snapshot when ZooKeeper stays away. A hop that cannot
 * be reached is demoted in a table of the same generation.
 */
public final class DirectorStep {
    /** How long a starting director hopes for ZooKeeper before it announces its snapshot. */
    public static final long SNAPSHOT_PATIENCE_NANOS = 10_000_000_000L;

    private static final String ANNOUNCE = "announce";

    private final List<DirectorEffect> effects = new ArrayList<>();
    private final long nowNanos;
    private DirectorState state;

    private DirectorStep(DirectorState state, long nowNanos) {
        this.state = state;
        this.nowNanos = nowNanos;
    }

    public static Step<DirectorState, DirectorEffect> apply(
            DirectorState state, DirectorObservation observation, long nowNanos) {
        DirectorStep step = new DirectorStep(state, nowNanos);
        step.observe(observation);
        step.installWhatIsDue();
        step.announceIfReady();
        return new Step<>(step.state, step.effects);
    }

    private void observe(DirectorObservation observation) {
        switch (observation) {
            case Started started ->
                    started.snapshot().forEach(pool -> learn(pool, started.inKernel()));
            case PoolRead read -> learn(read.state(), Map.of());
            case PoolRefused refused -> problem(refused.pool(), refused.problem());
            case Reread ignored -> onReread();
            case SessionLost ignored -> state = state.withSession(false);
            case Installed installed -> onInstalled(installed);
            case InstallFailed failed -> onInstallFailed(failed);
            case Acknowledged acknowledged ->
                    state = state.withAcknowledged(acknowledged.generations());
            case AnnounceFailed failed -> onAnnounceFailed(failed);
            case HopProbed probed -> onProbed(probed);
            case Tick ignored -> retryWhatFailed();
        }
    }

    private void learn(PoolState pool, Map<String, Long> inKernel) {
        Installation known = state.installations().get(pool.name());
        if (known != null && pool.generation() < known.latest().generation()) {
            problem(
                    pool.name(),
                    "generation "
                            + pool.generation()
                            + " was read, older than "
                            + known.latest().generation()
                            + " in use: kept");
            return;
        }
        long generation = inKernel.getOrDefault(pool.name(), 0L);
        state =
                state.with(
                        pool.name(),
                        known == null ? Installation.known(pool, generation) : known.learned(pool));
        problem(pool.name(), "");
    }

    private void onReread() {
        state = state.withSession(true);
        if (!state.installed().isEmpty()) {
            effects.add(new Acknowledge(new TreeMap<>(state.installed())));
        }
        effects.add(new PublishMember());
    }

    private void onInstalled(Installed installed) {
        Installation installation = state.installations().get(installed.pool());
        if (installation == null) {
            return;
        }
        boolean isNew = installation.generation() != installed.generation();
        state =
                state.with(
                        installed.pool(),
                        installation.done(installed.generation(), installed.demoted()));
        problem(installed.pool(), "");
        if (isNew) {
            effects.add(new SaveSnapshot(installation.latest()));
            effects.add(new Acknowledge(new TreeMap<>(state.installed())));
        }
    }

    private void onInstallFailed(InstallFailed failed) {
        Installation installation = state.installations().get(failed.pool());
        if (installation != null) {
            state = state.with(failed.pool(), installation.failed());
        }
        problem(
                failed.pool(),
                "generation " + failed.generation() + " not installed: " + failed.problem());
    }

    private void onAnnounceFailed(AnnounceFailed failed) {
        state = state.withAnnouncing(false);
        problem(ANNOUNCE, failed.problem());
    }

    private void retryWhatFailed() {
        problem(ANNOUNCE, "");
        state.installations()
                .forEach((pool, installation) -> state = state.with(pool, installation.retried()));
    }

    private void onProbed(HopProbed probed) {
        HopHealth before = state.hops().getOrDefault(probed.proxy(), HopHealth.UNKNOWN);
        HopHealth after = before.probed(probed.success(), probed.detail(), state.thresholds());
        state = state.with(probed.proxy(), after);
        if (before.reachable() != after.reachable()) {
            effects.add(new PublishMember());
        }
    }

    private void problem(String pool, String problem) {
        String before = state.problems().getOrDefault(pool, "");
        state = state.withProblem(pool, problem);
        if (!before.equals(problem)) {
            effects.add(new PublishMember());
        }
    }

    private void installWhatIsDue() {
        for (Map.Entry<String, Installation> entry : state.installations().entrySet()) {
            Installation installation = entry.getValue();
            Set<String> demoted = demotions(installation.latest());
            if (installation.needs(demoted) && mayInstall(installation)) {
                effects.add(new Install(installation.latest(), demoted));
                state = state.with(entry.getKey(), installation.begun());
            }
        }
    }

    /**
     * Without stamps nobody finds a flow that an old snapshot sends astray, and routers may still
     * send here: an empty kernel stays empty until the newest state is read (C17).
     */
    private boolean mayInstall(Installation installation) {
        return installation.latest().spec().wire() == Wire.SLUICE
                || installation.generation() > 0
                || state.everFresh();
    }

    /** Without stamps a demoted SYN could land where nobody fences: off while a change is open. */
    private Set<String> demotions(PoolState pool) {
        boolean changing = pool.pending().isPresent() || !pool.settling().isEmpty();
        return pool.spec().wire() == Wire.GLB && changing ? Set.of() : state.unreachable(pool);
    }

    private void announceIfReady() {
        if (state.announcing()
                || state.installations().isEmpty()
                || state.problems().containsKey(ANNOUNCE)) {
            return;
        }
        boolean allInstalled =
                state.installations().values().stream().allMatch(Installation::isCurrent);
        if (allInstalled && (isAcknowledged() || mayAnnounceSnapshot())) {
            state = state.withAnnouncing(true);
            effects.add(new Announce());
            effects.add(new PublishMember());
        }
    }

    private boolean isAcknowledged() {
        return state.fresh() && state.acknowledged().equals(state.installed());
    }

    private boolean mayAnnounceSnapshot() {
        return !state.everFresh()
                && nowNanos - state.startedNanos() >= SNAPSHOT_PATIENCE_NANOS
                && state.installations().values().stream()
                        .allMatch(i -> i.latest().spec().wire() == Wire.SLUICE);
    }
}
