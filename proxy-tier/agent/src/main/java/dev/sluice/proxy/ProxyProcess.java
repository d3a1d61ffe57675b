package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect;
import dev.sluice.cluster.agent.ProxyHostObservation;
import dev.sluice.cluster.agent.ProxyHostObservation.DirectorGone;
import dev.sluice.cluster.agent.ProxyHostObservation.DirectorRead;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRead;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRefused;
import dev.sluice.cluster.agent.ProxyHostObservation.Reread;
import dev.sluice.cluster.agent.ProxyHostObservation.SessionLost;
import dev.sluice.cluster.agent.ProxyHostObservation.Started;
import dev.sluice.cluster.agent.ProxyHostObservation.Tick;
import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.agent.ProxyHostStep;
import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.cluster.node.Service;
import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.node.StepLoop;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.SessionEvent;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * One proxy: {@link #run} is its owner thread, from start to {@link #close}.
 *
 * <p>When it ends, the redirect stays pinned in the kernel: flows of other proxies go on passing
 * through this host, and its own generation is remembered.
 */
public final class ProxyProcess implements Service {
    private static final Duration LOAD_INTERVAL = Duration.ofSeconds(2);

    private final Redirect redirect;
    private final L7 l7;
    private final Memory memory;
    private final ClusterStore store;
    private final Configuration configuration;
    private final MemberRecord member;
    private final AnswerDesk<ConfigTrial, TrialResult> trials;
    private final AnswerDesk<ProxyQuestion, ProxyAnswer> questions;
    private final StepLoop<ProxyHostState, ProxyHostObservation, ProxyHostEffect> loop;
    private final Thread loadReports = Thread.ofVirtual().name("load").unstarted(this::reportLoad);

    /**
     * Takes a redirect over; nothing runs yet.
     *
     * @throws IOException if the state directory cannot be used
     */
    public ProxyProcess(ProxyConfig config, Redirect redirect, L7 l7) throws IOException {
        this.redirect = redirect;
        this.l7 = l7;
        this.memory = new Memory(SnapshotFile.in(config.node().state()));
        this.store = ClusterStore.of(config.node().store());
        l7.servicesBy(new ServiceFinder(store, config.services()));
        this.configuration = new Configuration(l7, memory, this::publishMember);
        this.member = new MemberRecord(config.node(), configuration, l7, store.members());
        this.trials =
                new AnswerDesk<>(
                        config.node().id(),
                        store.trials(),
                        new TrialClerk(store.config(), configuration));
        this.questions =
                new AnswerDesk<>(
                        config.node().id(),
                        store.proxyQuestions(),
                        new ProxyClerk(config.node().id(), l7));
        ProxyHostEffects effects =
                new ProxyHostEffects(
                        redirect,
                        memory,
                        store.ownedRows(),
                        l7::serve,
                        new RowReset(redirect, l7),
                        member);
        this.loop =
                new StepLoop<>(
                        ProxyHostState.initial(config.node().id(), UUID.randomUUID().toString()),
                        ProxyHostStep::apply,
                        effects,
                        new Tick(),
                        System::nanoTime);
    }

    /** Returns after {@link #close}; lets go of the redirect then, on this thread. */
    @Override
    public void run() throws IOException, InterruptedException {
        if (l7.takesConfigurations()) {
            memory.recall().activeRevision().ifPresent(configuration::serve);
            store.config().watchActive(configuration::onRevision);
        }
        loop.offer(new Started(memory.recall().pools(), redirect.installed()));
        store.onSession(this::onSession);
        store.pools().watch(this::onPool);
        store.members().watchDirectors(this::onDirector);
        trials.open();
        questions.open();
        store.start();
        loadReports.start();
        try {
            loop.run();
        } finally {
            redirect.close();
        }
    }

    public ProxyHostState state() {
        return loop.state();
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
            case Seen.Value<PoolState> read -> loop.offer(new PoolRead(read.value()));
            case Seen.Corrupt<PoolState> corrupt ->
                    loop.offer(new PoolRefused(corrupt.name(), corrupt.problem().toString()));
            case Seen.Gone<PoolState> gone ->
                    loop.offer(
                            new PoolRefused(
                                    gone.name(),
                                    "its record is gone from ZooKeeper: last state kept"));
        }
    }

    private void onDirector(Seen<DirectorRecord> seen) {
        loop.offer(
                switch (seen) {
                    case Seen.Value<DirectorRecord> read ->
                            new DirectorRead(read.name(), read.value().addresses());
                    case Seen.Corrupt<DirectorRecord> corrupt ->
                            new DirectorRead(corrupt.name(), Set.of());
                    case Seen.Gone<DirectorRecord> gone -> new DirectorGone(gone.name());
                });
    }

    private void publishMember() {
        member.publish(loop.state());
    }

    /** Connections come and go without an observation: the record follows them in steps. */
    private void reportLoad() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOAD_INTERVAL);
                publishMember();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Any thread. The redirect stays pinned. */
    @Override
    public void close() {
        loop.close();
        loadReports.interrupt();
        trials.close();
        questions.close();
        configuration.close();
        member.close();
        store.close();
        l7.close();
    }
}
