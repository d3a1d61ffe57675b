package dev.sluice.control;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.Patience;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.ConfigStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.Health;
import dev.sluice.proto.admin.v1.HopVote;
import dev.sluice.proto.admin.v1.MemberStatus;
import dev.sluice.proto.admin.v1.PoolDirectorStatus;
import dev.sluice.proto.admin.v1.PoolPhase;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ZooKeeperStatus;

import java.util.Locale;
import java.util.function.Function;

/** What an operator sees of a {@link ClusterView}. Pure. */
final class StatusReport {
    private StatusReport() {}

    /**
     * Beside the view.
     *
     * @param servers ZooKeeper's connect string
     * @param waitingFor by pool
     */
    record Context(
            String cluster,
            String control,
            String leader,
            String servers,
            long nowUnixMs,
            Function<String, Reconciler.Waiting> waitingFor) {}

    static ClusterStatus of(ClusterView view, Context context) {
        ClusterStatus.Builder status =
                ClusterStatus.newBuilder()
                        .setCluster(context.cluster())
                        .setUnixMs(context.nowUnixMs())
                        .setControl(context.control())
                        .setLeader(context.leader())
                        .setZookeeper(
                                ZooKeeperStatus.newBuilder()
                                        .setServers(context.servers())
                                        .setConnected(view.connected())
                                        .setCurrent(view.current()))
                        .setConfig(config(view))
                        .addAllProblems(view.problemTexts());
        view.pools()
                .values()
                .forEach(pool ->
                        status.addPools(
                                pool(
                                        view,
                                        pool.state(),
                                        context.waitingFor().apply(pool.state().name()))));
        view.directors().values().forEach(d -> status.addDirectors(director(view, d)));
        return status.build();
    }

    private static PoolStatus pool(ClusterView view, PoolState state, Reconciler.Waiting waiting) {
        PoolStatus.Builder pool =
                PoolStatus.newBuilder()
                        .setName(state.name())
                        .setGeneration(state.generation())
                        .setWire(wire(state.spec().wire()))
                        .setPhase(phase(state))
                        .addAllWaitingFor(waiting.reasons())
                        .setFailoverRefusal(waiting.failoverRefusal())
                        .setPatienceEndsUnixMs(
                                state.pending().map(Patience::endsUnixMs).orElse(0L));
        view.queues()
                .getOrDefault(state.name(), ChangeQueue.EMPTY)
                .changes()
                .forEach(queued -> pool.addQueue(Replies.queued(queued)));
        state.spec().binds().forEach(bind -> pool.addBinds(bind.toString()));
        for (int i = 0; i < state.live().size(); i++) {
            pool.addEpochs(
                    epoch(
                            state.live().get(i),
                            i == 0
                                    ? EpochPhase.EPOCH_PHASE_NEWEST
                                    : EpochPhase.EPOCH_PHASE_SETTLING));
        }
        state.pending().ifPresent(e -> pool.addEpochs(epoch(e, EpochPhase.EPOCH_PHASE_PENDING)));
        state.proxies()
                .forEach(proxy ->
                        pool.addProxies(
                                ProxyReport.of(
                                        view,
                                        state.name(),
                                        proxy,
                                        waiting.lagging().proxies().getOrDefault(proxy.id(), 0L))));
        view.directors()
                .values()
                .forEach(d -> pool.addDirectors(director(state, d, waiting.lagging())));
        return pool.build();
    }

    private static String wire(PoolSpec.Wire wire) {
        return wire.name().toLowerCase(Locale.ROOT);
    }

    static PoolPhase phase(PoolState state) {
        if (state.pending().isPresent()) {
            return PoolPhase.POOL_PHASE_PREPARING;
        }
        return state.settling().isEmpty()
                ? PoolPhase.POOL_PHASE_STEADY
                : PoolPhase.POOL_PHASE_SETTLING;
    }

    static EpochStatus epoch(Epoch epoch, EpochPhase phase) {
        EpochStatus.Builder status =
                EpochStatus.newBuilder()
                        .setId(epoch.id())
                        .setPhase(phase)
                        .setCommitGeneration(epoch.commitGeneration())
                        .setDeadlineUnixMs(epoch.deadlineUnixMs())
                        .setExpired(epoch.expired());
        epoch.members()
                .forEach(m ->
                        status.addMembers(
                                MemberStatus.newBuilder()
                                        .setProxy(m.proxy())
                                        .setWeight(m.weight())));
        return status.build();
    }

    private static PoolDirectorStatus director(
            PoolState state, DirectorRecord director, Lagging lagging) {
        long acknowledged = director.acknowledged().getOrDefault(state.name(), 0L);
        return PoolDirectorStatus.newBuilder()
                .setId(director.id())
                .setAcknowledgedGeneration(acknowledged)
                .setLagging(!director.withdrawn() && acknowledged < state.generation())
                .setLaggingSinceUnixMs(lagging.directors().getOrDefault(director.id(), 0L))
                .build();
    }

    static DirectorStatus director(ClusterView view, DirectorRecord director) {
        DirectorStatus.Builder status =
                DirectorStatus.newBuilder()
                        .setId(director.id())
                        .setAddress(director.address().toString())
                        .setWithdrawn(director.withdrawn());
        DirectorMember member = view.directorMembers().get(director.id());
        if (member == null) {
            return status.build();
        }
        status.setPresent(true)
                .setAnnouncing(member.announcing())
                .setVersion(member.version())
                .setDatapath(member.datapath())
                .addAllProblems(member.problems());
        member.votes()
                .forEach(vote ->
                        status.addVotes(
                                HopVote.newBuilder()
                                        .setProxy(vote.proxy())
                                        .setHealth(
                                                vote.healthy()
                                                        ? Health.HEALTH_HEALTHY
                                                        : Health.HEALTH_UNHEALTHY)
                                        .setReason(vote.reason())));
        return status.build();
    }

    private static ConfigStatus config(ClusterView view) {
        ConfigStatus.Builder config = ConfigStatus.newBuilder();
        view.rollout()
                .ifPresent(rollout ->
                        config.setActiveRevision(rollout.active()).setActivation(rollout.count()));
        view.active()
                .ifPresent(active ->
                        config.setOrigin(active.origin())
                                .setAppliedBy(active.appliedBy())
                                .setAppliedUnixMs(active.appliedUnixMs()));
        return config.build();
    }
}
