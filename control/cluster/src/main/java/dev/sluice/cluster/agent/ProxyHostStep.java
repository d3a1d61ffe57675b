package dev.sluice.cluster.agent;

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
import dev.sluice.cluster.agent.ProxyHostObservation.InstallFailed;
import dev.sluice.cluster.agent.ProxyHostObservation.Installed;
import dev.sluice.cluster.agent.ProxyHostObservation.Persisted;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRead;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRefused;
import dev.sluice.cluster.agent.ProxyHostObservation.Reread;
import dev.sluice.cluster.agent.ProxyHostObservation.ScanFailed;
import dev.sluice.cluster.agent.ProxyHostObservation.Scanned;
import dev.sluice.cluster.agent.ProxyHostObservation.SessionLost;
import dev.sluice.cluster.agent.ProxyHostObservation.Started;
import dev.sluice.cluster.agent.ProxyHostObservation.Tick;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a proxy host decides: PROTOCOL rules 20 to 22, and what its L7 engine does meanwhile.
 *
 * <p>A generation is installed, persisted, and only after {@link #SCAN_DELAY_NANOS} are the sockets
 * read and reported, so that SYNs which passed before the fence have become sockets.
 */
public final class ProxyHostStep {
    /** From an install to the scan that counts (rule 21). */
    public static final long SCAN_DELAY_NANOS = 1_000_000_000L;

    /**
     * The same where no fence stands: what is under way then goes by the directors' last tables.
     */
    public static final long GLB_SCAN_DELAY_NANOS = 2_000_000_000L;

    /**
     * Between scans while no change is open: what a controller asks before it begins one. They are
     * written only when they differ, so a quiet pool costs ZooKeeper nothing.
     */
    public static final long STEADY_SCAN_NANOS = 10_000_000_000L;

    /** How long tables stay confirmed without a renewal. */
    public static final long LEASE_NANOS = 5_000_000_000L;

    private static final String SOCKETS = " sockets";

    private final List<ProxyHostEffect> effects = new ArrayList<>();
    private final long nowNanos;
    private ProxyHostState state;

    private ProxyHostStep(ProxyHostState state, long nowNanos) {
        this.state = state;
        this.nowNanos = nowNanos;
    }

    public static Step<ProxyHostState, ProxyHostEffect> apply(
            ProxyHostState state, ProxyHostObservation observation, long nowNanos) {
        ProxyHostStep step = new ProxyHostStep(state, nowNanos);
        step.observe(observation);
        step.allowSenders(state.senders());
        step.installWhatIsDue();
        step.scanWhatIsDue();
        step.chooseMode();
        return new Step<>(step.state, step.effects);
    }

    private void observe(ProxyHostObservation observation) {
        switch (observation) {
            case Started started ->
                    started.snapshot().forEach(pool -> learn(pool, started.inKernel()));
            case PoolRead read -> learn(read.state(), Map.of());
            case PoolRefused refused -> problem(refused.pool(), refused.problem());
            case DirectorRead read -> state = state.withDirector(read.id(), read.addresses());
            case DirectorGone gone -> state = state.withoutDirector(gone.id());
            case Reread ignored -> onReread();
            case SessionLost ignored -> onSessionLost();
            case Installed installed -> onInstalled(installed);
            case InstallFailed failed -> onInstallFailed(failed);
            case Persisted persisted -> onPersisted(persisted);
            case Scanned scanned -> onScanned(scanned);
            case ScanFailed failed -> onScanFailed(failed);
            case Tick ignored -> onTick();
        }
    }

    private void learn(PoolState pool, Map<String, Long> inKernel) {
        HostedPool known = state.pools().get(pool.name());
        if (known == null) {
            long generation = inKernel.getOrDefault(pool.name(), 0L);
            state = state.with(pool.name(), HostedPool.known(pool, generation));
        } else if (pool.generation() < known.latest().generation()) {
            problem(
                    pool.name(),
                    "generation "
                            + pool.generation()
                            + " was read, older than "
                            + known.latest().generation()
                            + " in use: kept");
            return;
        } else {
            state = state.with(pool.name(), known.with(known.installation().learned(pool)));
        }
        problem(pool.name(), "");
    }

    private void onReread() {
        state = state.withSession(true);
        effects.add(new Confirm(nowNanos + LEASE_NANOS));
        effects.add(new PublishMember());
        state.pools().forEach((pool, hosted) -> reportAgain(pool, hosted));
    }

    /** What was reported while nobody listened. */
    private void reportAgain(String pool, HostedPool hosted) {
        hosted.report().ifPresent(report -> effects.add(new Report(pool, report)));
    }

    private void onSessionLost() {
        state = state.withSession(false);
        effects.add(new Confirm(0));
    }

    private void onInstalled(Installed installed) {
        HostedPool hosted = state.pools().get(installed.pool());
        if (hosted == null) {
            return;
        }
        Installation done = hosted.installation().done(installed.generation(), Set.of());
        state = state.with(installed.pool(), hosted.with(done).scanAt(nowNanos + settled(hosted)));
        problem(installed.pool(), "");
        if (state.fresh()) {
            effects.add(new Confirm(nowNanos + LEASE_NANOS));
        }
        if (done.isCurrent()) {
            effects.add(new Persist(hosted.latest()));
        }
    }

    private static long settled(HostedPool hosted) {
        return hosted.latest().spec().wire() == Wire.GLB ? GLB_SCAN_DELAY_NANOS : SCAN_DELAY_NANOS;
    }

    private long nextScan(HostedPool hosted) {
        return nowNanos + (hosted.isChanging() ? SCAN_DELAY_NANOS : STEADY_SCAN_NANOS);
    }

    private void onInstallFailed(InstallFailed failed) {
        HostedPool hosted = state.pools().get(failed.pool());
        if (hosted != null) {
            state = state.with(failed.pool(), hosted.with(hosted.installation().failed()));
        }
        problem(
                failed.pool(),
                "generation " + failed.generation() + " not installed: " + failed.problem());
    }

    private void onPersisted(Persisted persisted) {
        HostedPool hosted = state.pools().get(persisted.pool());
        if (hosted != null) {
            state = state.with(persisted.pool(), hosted.withPersisted(persisted.generation()));
            effects.add(new PublishMember());
        }
    }

    private void onScanned(Scanned scanned) {
        HostedPool hosted = state.pools().get(scanned.pool());
        if (hosted == null) {
            return;
        }
        boolean counts =
                hosted.installation().generation() == scanned.generation()
                        && hosted.persisted() >= scanned.generation();
        HostedPool next = hosted.scanAt(nextScan(hosted));
        problem(scanned.pool() + SOCKETS, "");
        if (counts) {
            OwnedReport report =
                    new OwnedReport(
                            state.incarnation(),
                            scanned.generation(),
                            hosted.latest().spec().wire() == Wire.SLUICE,
                            scanned.displaced().rows(),
                            scanned.displaced().flows());
            if (!next.report().equals(Optional.of(report))) {
                effects.add(new Report(scanned.pool(), report));
            }
            next = next.reported(report);
            resetOverdue(scanned);
        }
        state = state.with(scanned.pool(), next);
    }

    /** The scan counted, so the fence stands: what is reset does not come back. */
    private void resetOverdue(Scanned scanned) {
        if (!scanned.displaced().overdue().isEmpty()) {
            effects.add(new ResetFlows(scanned.pool(), scanned.displaced().overdue()));
        }
    }

    private void onScanFailed(ScanFailed failed) {
        HostedPool hosted = state.pools().get(failed.pool());
        if (hosted != null) {
            state = state.with(failed.pool(), hosted.scanAt(nextScan(hosted)));
        }
        problem(failed.pool() + SOCKETS, "not read: " + failed.problem());
    }

    private void onTick() {
        if (state.fresh()) {
            effects.add(new Confirm(nowNanos + LEASE_NANOS));
        }
        state.pools()
                .forEach((pool, hosted) ->
                        state = state.with(pool, hosted.with(hosted.installation().retried())));
    }

    private void problem(String pool, String problem) {
        String before = state.problems().getOrDefault(pool, "");
        state = state.withProblem(pool, problem);
        if (!before.equals(problem)) {
            effects.add(new PublishMember());
        }
    }

    private void allowSenders(Set<Address> before) {
        if (!state.senders().equals(before)) {
            effects.add(new AllowSenders(state.senders()));
        }
    }

    private void installWhatIsDue() {
        for (Map.Entry<String, HostedPool> entry : state.pools().entrySet()) {
            HostedPool hosted = entry.getValue();
            if (hosted.installation().needs(Set.of())) {
                effects.add(new Install(hosted.latest()));
                state = state.with(entry.getKey(), hosted.with(hosted.installation().begun()));
            }
        }
    }

    private void scanWhatIsDue() {
        for (Map.Entry<String, HostedPool> entry : state.pools().entrySet()) {
            HostedPool hosted = entry.getValue();
            if (!hosted.scanning() && nowNanos >= hosted.scanDueNanos()) {
                effects.add(new Scan(entry.getKey(), hosted.installation().generation()));
                state = state.with(entry.getKey(), hosted.scanBegun());
            }
        }
    }

    private void chooseMode() {
        Mode wanted = wantedMode();
        if (wanted != state.mode()) {
            state = state.with(wanted);
            effects.add(new Serve(wanted));
        }
    }

    /** By what is installed: until the fence stands, new connections are welcome. */
    private Mode wantedMode() {
        if (state.pools().isEmpty()) {
            return state.mode();
        }
        boolean settled =
                state.pools().values().stream().allMatch(p -> p.installation().isCurrent());
        if (!settled) {
            return state.mode();
        }
        boolean open =
                state.pools().values().stream()
                        .anyMatch(p -> p.latest().newest().has(state.self()));
        if (open) {
            return Mode.SERVING;
        }
        List<Epoch> mine =
                state.pools().values().stream()
                        .flatMap(p -> p.latest().live().stream())
                        .filter(epoch -> epoch.has(state.self()))
                        .toList();
        return !mine.isEmpty() && mine.stream().allMatch(Epoch::expired)
                ? Mode.CUTTING
                : Mode.DRAINING;
    }
}
