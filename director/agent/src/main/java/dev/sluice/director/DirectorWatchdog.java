package dev.sluice.director;

import dev.sluice.cluster.agent.WatchdogEffect;
import dev.sluice.cluster.agent.WatchdogObservation;
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
import dev.sluice.cluster.agent.WatchdogState;
import dev.sluice.cluster.agent.WatchdogStep;
import dev.sluice.cluster.node.Service;
import dev.sluice.cluster.node.StepLoop;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.SessionEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Outlives the director's agent on its host, with a session of its own, and withdraws the host when
 * {@link WatchdogStep} says so. {@link #run} is its owner thread, from start to {@link #close}.
 */
public final class DirectorWatchdog implements Service {
    private static final Logger log = LoggerFactory.getLogger(DirectorWatchdog.class);

    private final DirectorConfig config;
    private final PinnedTables kernel;
    private final Withdrawal withdrawal;
    private final ClusterStore store;
    private final StepLoop<WatchdogState, WatchdogObservation, WatchdogEffect> loop;

    /** What the kernel forwards by when no agent has it. */
    interface PinnedTables {
        /** Pool to generation; nothing if nothing is pinned. */
        Map<String, Long> installed() throws IOException;
    }

    /**
     * Nothing runs yet.
     *
     * @throws IOException if it could withdraw nothing
     */
    DirectorWatchdog(DirectorConfig config, PinnedTables kernel) throws IOException {
        if (config.withdraw().isEmpty()) {
            throw new IOException(
                    "announce.down is missing: without that command the watchdog could withdraw"
                            + " nothing");
        }
        this.config = config;
        this.kernel = kernel;
        this.withdrawal = new Withdrawal(config);
        this.store = ClusterStore.of(config.node().store());
        this.loop =
                new StepLoop<>(
                        WatchdogState.initial(config.watchdogPatience().toNanos()),
                        WatchdogStep::apply,
                        (effect, state) -> carryOut(effect),
                        new Tick(),
                        System::nanoTime);
    }

    /** Returns after {@link #close}. */
    @Override
    public void run() throws InterruptedException {
        store.onSession(this::onSession);
        store.pools().watch(this::onPool);
        store.members().watchDirectorMembers(this::onMember);
        store.members().watchDirectors(this::onRecord);
        store.start();
        loop.run();
    }

    private void onSession(SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected ignored -> {}
            case SessionEvent.Reread ignored -> loop.offer(new Reread());
            case SessionEvent.Suspended ignored -> loop.offer(new SessionLost());
            case SessionEvent.Lost ignored -> loop.offer(new SessionLost());
        }
    }

    private void onPool(Seen<PoolState> seen) {
        switch (seen) {
            case Seen.Value<PoolState> read ->
                    loop.offer(new PoolRead(read.name(), read.value().generation()));
            case Seen.Gone<PoolState> gone -> loop.offer(new PoolGone(gone.name()));
            case Seen.Corrupt<PoolState> ignored -> {
                // Not known to be newer: no reason to withdraw. The agents complain.
            }
        }
    }

    private void onMember(Seen<DirectorMember> seen) {
        if (seen.name().equals(config.node().id())) {
            loop.offer(new AgentSeen(!(seen instanceof Seen.Gone<DirectorMember>)));
        }
    }

    private void onRecord(Seen<DirectorRecord> seen) {
        if (seen.name().equals(config.node().id())) {
            loop.offer(
                    new RecordRead(
                            seen instanceof Seen.Value<DirectorRecord> read
                                    && read.value().withdrawn()));
        }
    }

    private List<WatchdogObservation> carryOut(WatchdogEffect effect) {
        return switch (effect) {
            case WatchdogEffect.Look ignored -> look();
            case WatchdogEffect.Withdraw withdraw -> List.of(withdraw(withdraw.why()));
        };
    }

    private List<WatchdogObservation> look() {
        try {
            return List.of(
                    withdrawal.agentRuns()
                            ? new Looked(true, Map.of())
                            : new Looked(false, kernel.installed()));
        } catch (IOException e) {
            // Of a table that cannot be read nothing is known: not that it is stale either.
            log.atError().addKeyValue("why", e.getMessage()).log("datapath.not_read");
            return List.of();
        }
    }

    private WatchdogObservation withdraw(String why) {
        log.atWarn()
                .addKeyValue("director", config.node().id())
                .addKeyValue("why", why)
                .log("director.withdrawing");
        Optional<String> failed = tryWithdraw(why);
        if (failed.isPresent()) {
            log.atError().addKeyValue("why", failed.get()).log("director.not_withdrawn");
            return new WithdrawFailed(failed.get());
        }
        log.atWarn().addKeyValue("director", config.node().id()).log("director.withdrawn");
        return new Withdrawn();
    }

    private Optional<String> tryWithdraw(String why) {
        try {
            return withdrawal.carryOut(store.members(), "watchdog of " + config.node().id(), why);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** Any thread. */
    @Override
    public void close() {
        loop.close();
        store.close();
    }
}
