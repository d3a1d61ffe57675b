package dev.sluice.director;

import dev.sluice.cluster.agent.DirectorEffect;
import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.agent.DirectorObservation.PoolRead;
import dev.sluice.cluster.agent.DirectorObservation.PoolRefused;
import dev.sluice.cluster.agent.DirectorObservation.Reread;
import dev.sluice.cluster.agent.DirectorObservation.SessionLost;
import dev.sluice.cluster.agent.DirectorObservation.Started;
import dev.sluice.cluster.agent.DirectorObservation.Tick;
import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.agent.DirectorStep;
import dev.sluice.cluster.agent.Step;
import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.cluster.node.Service;
import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.node.StepLoop;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.Question;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.SessionEvent;
import dev.sluice.director.Withdrawal.WithdrawnNote;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One director: {@link #run} is its owner thread, from start to {@link #close}.
 *
 * <p>When it ends, however it ends, the datapath stays pinned in the kernel and goes on forwarding;
 * the next process takes it over.
 */
public final class DirectorProcess implements Service {
    private final Forwarder forwarder;
    private final SnapshotFile snapshots;
    private final WithdrawnNote note;
    private final Path state;
    private final ClusterStore store;
    private final DirectorRecords records;
    private final HopProbes probes;
    private final AnswerDesk<Question, DirectorAnswer> questions;
    private final StepLoop<DirectorState, DirectorObservation, DirectorEffect> loop;

    /**
     * Takes a datapath over; nothing runs yet.
     *
     * @throws IOException if the state directory cannot be used
     */
    public DirectorProcess(DirectorConfig config, Forwarder forwarder) throws IOException {
        this.forwarder = forwarder;
        this.snapshots = SnapshotFile.in(config.node().state());
        this.store = ClusterStore.of(config.node().store());
        this.records = new DirectorRecords(config.node().id(), store.members());
        this.note = WithdrawnNote.in(config.node().state());
        this.state = config.node().state();
        DirectorEffects effects =
                new DirectorEffects(
                        config, forwarder, snapshots, records, store.pools(), note, this::observe);
        this.loop =
                new StepLoop<>(
                        DirectorState.initial(config.probing().thresholds(), System.nanoTime()),
                        this::step,
                        effects,
                        new Tick(),
                        System::nanoTime);
        this.probes = new HopProbes(config.probing(), this::observe);
        this.questions =
                new AnswerDesk<>(config.node().id(), store.questions(), new DirectorClerk(config));
    }

    /** Returns after {@link #close}; lets go of the datapath then, on this thread. */
    @Override
    public void run() throws IOException, InterruptedException {
        Withdrawal.awaitEnd(state);
        loop.offer(new Started(snapshot(), forwarder.installed()));
        store.onSession(this::onSession);
        store.pools().watch(this::onPool);
        questions.open();
        store.start();
        try {
            loop.run();
        } finally {
            forwarder.close();
        }
    }

    /** Of a host that nobody waits for the snapshot is too old to be announced. */
    private List<PoolState> snapshot() {
        return note.isThere() ? List.of() : snapshots.load().pools();
    }

    public DirectorState state() {
        return loop.state();
    }

    private void observe(DirectorObservation observation) {
        loop.offer(observation);
    }

    private Step<DirectorState, DirectorEffect> step(
            DirectorState state, DirectorObservation observation, long nowNanos) {
        Step<DirectorState, DirectorEffect> step = DirectorStep.apply(state, observation, nowNanos);
        probes.follow(step.state().proxies());
        return step;
    }

    private void onSession(SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected ignored -> {}
            case SessionEvent.Reread ignored -> observe(new Reread());
            case SessionEvent.Suspended ignored -> observe(new SessionLost());
            case SessionEvent.Lost ignored -> observe(new SessionLost());
        }
    }

    private void onPool(Seen<PoolState> seen) {
        switch (seen) {
            case Seen.Value<PoolState> read -> observe(new PoolRead(read.value()));
            case Seen.Corrupt<PoolState> corrupt ->
                    observe(new PoolRefused(corrupt.name(), corrupt.problem().toString()));
            case Seen.Gone<PoolState> gone ->
                    observe(
                            new PoolRefused(
                                    gone.name(),
                                    "its record is gone from ZooKeeper: last state kept"));
        }
    }

    /** Any thread. The datapath goes on forwarding. */
    @Override
    public void close() {
        loop.close();
        probes.close();
        questions.close();
        records.close();
        store.close();
    }
}
