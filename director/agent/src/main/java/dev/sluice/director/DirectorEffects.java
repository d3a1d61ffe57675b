package dev.sluice.director;

import dev.sluice.cluster.agent.DirectorEffect;
import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.agent.DirectorObservation.Acknowledged;
import dev.sluice.cluster.agent.DirectorObservation.AnnounceFailed;
import dev.sluice.cluster.agent.DirectorObservation.InstallFailed;
import dev.sluice.cluster.agent.DirectorObservation.Installed;
import dev.sluice.cluster.agent.DirectorObservation.PoolRead;
import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.node.StepLoop;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.Snapshot;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.director.Withdrawal.WithdrawnNote;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Carries a director's effects out, on its owner thread; only the wait for an acknowledgement to
 * reach the record is on a virtual thread.
 */
final class DirectorEffects
        implements StepLoop.Effects<DirectorState, DirectorObservation, DirectorEffect> {
    private static final Logger log = LoggerFactory.getLogger(DirectorEffects.class);
    private static final int READ_TRIES = 60;
    private static final Duration READ_PAUSE = Duration.ofMillis(500);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(30);

    private final DirectorConfig config;
    private final Forwarder forwarder;
    private final SnapshotFile snapshots;
    private final DirectorRecords records;
    private final PoolStore pools;
    private final WithdrawnNote note;
    private final Consumer<DirectorObservation> later;
    private final ChainTable tables = new ChainTable();
    private final Map<String, PoolState> saved = new HashMap<>();

    DirectorEffects(
            DirectorConfig config,
            Forwarder forwarder,
            SnapshotFile snapshots,
            DirectorRecords records,
            PoolStore pools,
            WithdrawnNote note,
            Consumer<DirectorObservation> later) {
        this.config = config;
        this.forwarder = forwarder;
        this.snapshots = snapshots;
        this.records = records;
        this.pools = pools;
        this.note = note;
        this.later = later;
    }

    @Override
    public List<DirectorObservation> carryOut(DirectorEffect effect, DirectorState state) {
        return switch (effect) {
            case DirectorEffect.Install install -> install(install.state(), install.demoted());
            case DirectorEffect.SaveSnapshot save -> save(save.state());
            case DirectorEffect.Acknowledge acknowledge -> acknowledge(acknowledge.generations());
            case DirectorEffect.Announce ignored -> announce();
            case DirectorEffect.PublishMember ignored -> {
                records.publishMember(state, forwarder.name());
                yield List.of();
            }
        };
    }

    private List<DirectorObservation> install(PoolState pool, Set<String> demoted) {
        try {
            long started = System.nanoTime();
            forwarder.install(table(pool, demoted));
            log.atInfo()
                    .addKeyValue("pool", pool.name())
                    .addKeyValue("generation", pool.generation())
                    .addKeyValue("demoted", demoted)
                    .addKeyValue("ms", (System.nanoTime() - started) / 1_000_000)
                    .log("table.installed");
            return List.of(new Installed(pool.name(), pool.generation(), demoted));
        } catch (IOException | IllegalArgumentException e) {
            // IllegalArgumentException: a record that decodes but makes no table.
            log.atError()
                    .addKeyValue("pool", pool.name())
                    .addKeyValue("generation", pool.generation())
                    .addKeyValue("why", e.getMessage())
                    .log("table.refused");
            return List.of(
                    new InstallFailed(
                            pool.name(), pool.generation(), String.valueOf(e.getMessage())));
        }
    }

    private ForwardingTable table(PoolState pool, Set<String> demoted) {
        ForwardingTable table = tables.build(pool);
        ForwardingTable ordered =
                LocalDemotion.apply(table, hop -> !demoted.contains(table.proxies().get(hop).id()));
        return ordered.unsafelyCutTo(config.unsafeChainHops());
    }

    private List<DirectorObservation> save(PoolState pool) {
        saved.put(pool.name(), pool);
        try {
            snapshots.save(new Snapshot(List.copyOf(saved.values()), Optional.empty()));
        } catch (IOException e) {
            // Serving goes on; only a restart without ZooKeeper would miss it.
            log.atError().addKeyValue("why", e.toString()).log("snapshot.not_saved");
        }
        return List.of();
    }

    private List<DirectorObservation> acknowledge(Map<String, Long> generations) {
        records.record()
                .set(
                        new DirectorRecord(
                                config.node().id(),
                                config.node().address(),
                                config.address6(),
                                generations,
                                false));
        Thread.ofVirtual().name("acknowledge").start(() -> awaitRecord(generations));
        return List.of();
    }

    private void awaitRecord(Map<String, Long> generations) {
        try {
            if (!records.record().awaitWritten(WRITE_PATIENCE)) {
                return;
            }
            forgetWithdrawal();
            // After so many failures the session is lost, and all this is done again.
            for (int i = 0; i < READ_TRIES; i++) {
                if (isReadAgain(generations.keySet())) {
                    later.accept(new Acknowledged(new TreeMap<>(generations)));
                    return;
                }
                Thread.sleep(READ_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forgetWithdrawal() {
        try {
            note.remove();
        } catch (IOException e) {
            // A later start without ZooKeeper will wait for it, no more.
            log.atError().addKeyValue("why", e.toString()).log("withdrawn_note.not_removed");
        }
    }

    /**
     * What was published while nobody waited for this director is installed before it announces:
     * from the acknowledgement on, everybody waits (rule 13).
     */
    private boolean isReadAgain(Set<String> names) {
        try {
            for (String name : names) {
                if (pools.read(name) instanceof Seen.Value<PoolState> read) {
                    later.accept(new PoolRead(read.value()));
                }
            }
            return true;
        } catch (StoreException e) {
            log.atDebug().addKeyValue("why", e.toString()).log("acknowledgement.not_read_back");
            return false;
        }
    }

    /** Tables must not wait for a hook. There is one at a time: the state says announcing. */
    private List<DirectorObservation> announce() {
        Thread.ofVirtual().name("announce").start(this::tellRouters);
        return List.of();
    }

    private void tellRouters() {
        try {
            Optional<String> failed = Hook.run(config.announce());
            if (failed.isPresent()) {
                log.atError().addKeyValue("why", failed.get()).log("announce.failed");
                later.accept(new AnnounceFailed(failed.get()));
            } else {
                log.atInfo().addKeyValue("director", config.node().id()).log("announced");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
