package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.Questions;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.ApplyConfigReply;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;
import dev.sluice.proto.admin.v1.CancelQueuedReply;
import dev.sluice.proto.admin.v1.CancelQueuedRequest;
import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.ChangeRequest;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.CompareConfigsReply;
import dev.sluice.proto.admin.v1.CompareConfigsRequest;
import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.FollowEventsRequest;
import dev.sluice.proto.admin.v1.ListConfigsReply;
import dev.sluice.proto.admin.v1.ListConfigsRequest;
import dev.sluice.proto.admin.v1.ListDirectorsReply;
import dev.sluice.proto.admin.v1.ListDirectorsRequest;
import dev.sluice.proto.admin.v1.ListEpochsReply;
import dev.sluice.proto.admin.v1.ListEpochsRequest;
import dev.sluice.proto.admin.v1.ListEventsReply;
import dev.sluice.proto.admin.v1.ListEventsRequest;
import dev.sluice.proto.admin.v1.ListMalformedReply;
import dev.sluice.proto.admin.v1.ListMalformedRequest;
import dev.sluice.proto.admin.v1.ListQueueReply;
import dev.sluice.proto.admin.v1.ListQueueRequest;
import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.admin.v1.ListUpstreamsRequest;
import dev.sluice.proto.admin.v1.PlanReply;
import dev.sluice.proto.admin.v1.PoolQueue;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ReadTrafficReply;
import dev.sluice.proto.admin.v1.ReadTrafficRequest;
import dev.sluice.proto.admin.v1.RemoveDirectorReply;
import dev.sluice.proto.admin.v1.RemoveDirectorRequest;
import dev.sluice.proto.admin.v1.RepairPoolReply;
import dev.sluice.proto.admin.v1.RepairPoolRequest;
import dev.sluice.proto.admin.v1.RollBackConfigReply;
import dev.sluice.proto.admin.v1.RollBackConfigRequest;
import dev.sluice.proto.admin.v1.ShowConfigReply;
import dev.sluice.proto.admin.v1.ShowConfigRequest;
import dev.sluice.proto.admin.v1.StatusRequest;
import dev.sluice.proto.admin.v1.TraceFlowReply;
import dev.sluice.proto.admin.v1.TraceFlowRequest;
import dev.sluice.proto.admin.v1.ValidateConfigReply;
import dev.sluice.proto.admin.v1.ValidateConfigRequest;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The admin API. Every call has a virtual thread of its own and may block. */
final class AdminService extends AdminGrpc.AdminImplBase {
    private static final int DEFAULT_EVENTS = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Observer observer;
    private final Supplier<ClusterStatus> status;
    private final Commands commands;
    private final EventLog events;
    private final InstantSource clock;
    private final AdminStreams streams;

    AdminService(
            Observer observer,
            Supplier<ClusterStatus> status,
            Commands commands,
            EventLog events,
            InstantSource clock) {
        this.observer = observer;
        this.status = status;
        this.commands = commands;
        this.events = events;
        this.clock = clock;
        this.streams = new AdminStreams(observer, status, events);
    }

    /** What can be asked for. */
    record Commands(
            ChangeCommands changes,
            Plans plans,
            QueueCommands queues,
            PoolRepair repair,
            ConfigCommands configs,
            ConfigHistory history,
            DirectorCommands directors,
            DirectorReports reports,
            ProxyReports proxies) {}

    /** A command that may find ZooKeeper away. */
    private interface Command<T> {
        Answer<T> run() throws UnavailableException, StoreException, InterruptedException;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<ClusterStatus> reply) {
        reply.onNext(status.get());
        reply.onCompleted();
    }

    @Override
    public void watchStatus(StatusRequest request, StreamObserver<ClusterStatus> reply) {
        streams.status((ServerCallStreamObserver<ClusterStatus>) reply);
    }

    @Override
    public void makeChange(ChangeRequest request, StreamObserver<ChangeReply> reply) {
        answer(
                reply,
                Replies::changes,
                () ->
                        commands.changes()
                                .make(
                                        new ChangeCommands.Order(
                                                change(request),
                                                request.getPool(),
                                                request.getQueue(),
                                                request.getForce(),
                                                actor(request.getActor()))));
    }

    @Override
    public void planChange(ChangeRequest request, StreamObserver<PlanReply> reply) {
        answer(
                reply,
                plans -> {
                    PlanReply.Builder all = PlanReply.newBuilder();
                    plans.forEach((pool, plan) -> all.addPlans(PlanReport.of(pool, plan)));
                    return all.build();
                },
                () -> commands.plans().of(change(request), request.getPool()));
    }

    private Change change(ChangeRequest request) {
        return ChangeSyntax.parse(request.getChange(), clock.millis());
    }

    @Override
    public void listQueue(ListQueueRequest request, StreamObserver<ListQueueReply> reply) {
        answer(
                reply,
                pools -> {
                    ListQueueReply.Builder queues = ListQueueReply.newBuilder();
                    pools.forEach(pool -> queues.addQueues(queue(pool)));
                    return queues.build();
                },
                () -> chosen(request.getPool(), status.get().getPoolsList(), PoolStatus::getName));
    }

    private static PoolQueue queue(PoolStatus pool) {
        return PoolQueue.newBuilder()
                .setPool(pool.getName())
                .addAllChanges(pool.getQueueList())
                .addAllWaitingFor(pool.getQueueCount() == 0 ? List.of() : pool.getWaitingForList())
                .build();
    }

    @Override
    public void cancelQueued(CancelQueuedRequest request, StreamObserver<CancelQueuedReply> reply) {
        answer(
                reply,
                cancelled ->
                        CancelQueuedReply.newBuilder()
                                .setPool(cancelled.pool())
                                .setCancelled(Replies.queued(cancelled.change()))
                                .build(),
                () ->
                        commands.queues()
                                .cancel(
                                        request.getId(),
                                        request.getPool(),
                                        actor(request.getActor())));
    }

    @Override
    public void listEpochs(ListEpochsRequest request, StreamObserver<ListEpochsReply> reply) {
        ClusterView view = observer.view();
        long now = clock.millis();
        answer(
                reply,
                states -> {
                    ListEpochsReply.Builder pools = ListEpochsReply.newBuilder().setUnixMs(now);
                    states.forEach(
                            state -> pools.addPools(EpochReport.of(state, view.facts(state), now)));
                    return pools.build();
                },
                () ->
                        chosen(
                                request.getPool(),
                                view.pools().values().stream()
                                        .map(ClusterView.Versioned::state)
                                        .toList(),
                                PoolState::name));
    }

    /** All, or the one that is named. */
    private <T> Answer<List<T>> chosen(String pool, Collection<T> all, Function<T, String> name) {
        List<T> chosen =
                all.stream().filter(one -> pool.isEmpty() || pool.equals(name.apply(one))).toList();
        return chosen.isEmpty() && !pool.isEmpty()
                ? Scope.unknownPool(pool, observer.view())
                : new Answer.Done<>(chosen);
    }

    @Override
    public void applyConfig(ApplyConfigRequest request, StreamObserver<ApplyConfigReply> reply) {
        answer(
                reply,
                applied ->
                        ApplyConfigReply.newBuilder()
                                .setRevision(applied.revision())
                                .setActivation(applied.activation())
                                .setUnchanged(applied.unchanged())
                                .addAllTriedBy(applied.tried().proxies())
                                .addAllWarnings(applied.tried().warnings())
                                .build(),
                () ->
                        commands.configs()
                                .apply(
                                        request.getSource(),
                                        request.getOrigin(),
                                        actor(request.getActor())));
    }

    @Override
    public void showConfig(ShowConfigRequest request, StreamObserver<ShowConfigReply> reply) {
        answer(reply, Replies::shown, () -> commands.history().show(request.getRevision()));
    }

    @Override
    public void compareConfigs(
            CompareConfigsRequest request, StreamObserver<CompareConfigsReply> reply) {
        answer(
                reply,
                Function.identity(),
                () -> new ConfigComparison(commands.history()).of(request));
    }

    @Override
    public void listConfigs(ListConfigsRequest request, StreamObserver<ListConfigsReply> reply) {
        answer(reply, Replies::history, () -> commands.history().list());
    }

    @Override
    public void validateConfig(
            ValidateConfigRequest request, StreamObserver<ValidateConfigReply> reply) {
        answer(
                reply,
                tried ->
                        ValidateConfigReply.newBuilder()
                                .addAllTriedBy(tried.proxies())
                                .addAllWarnings(tried.warnings())
                                .build(),
                () -> commands.configs().validate(request.getSource(), request.getOrigin()));
    }

    @Override
    public void rollBackConfig(
            RollBackConfigRequest request, StreamObserver<RollBackConfigReply> reply) {
        answer(
                reply,
                done ->
                        RollBackConfigReply.newBuilder()
                                .setRevision(done.revision())
                                .setActivation(done.activation())
                                .setBefore(done.before())
                                .addAllTriedBy(done.tried().proxies())
                                .addAllWarnings(done.tried().warnings())
                                .build(),
                () ->
                        commands.configs()
                                .rollBack(request.getRevision(), actor(request.getActor())));
    }

    @Override
    public void listEvents(ListEventsRequest request, StreamObserver<ListEventsReply> reply) {
        int limit = request.getLimit() <= 0 ? DEFAULT_EVENTS : request.getLimit();
        answer(
                reply,
                list ->
                        ListEventsReply.newBuilder()
                                .addAllEvents(list.stream().map(Replies::event).toList())
                                .build(),
                () -> new Answer.Done<>(events.newest(limit)));
    }

    @Override
    public void followEvents(FollowEventsRequest request, StreamObserver<Event> reply) {
        streams.events((ServerCallStreamObserver<Event>) reply, request.getAfterSequence());
    }

    @Override
    public void removeDirector(
            RemoveDirectorRequest request, StreamObserver<RemoveDirectorReply> reply) {
        answer(
                reply,
                id -> RemoveDirectorReply.newBuilder().setId(id).build(),
                () -> commands.directors().remove(request.getId(), actor(request.getActor())));
    }

    @Override
    public void traceFlow(TraceFlowRequest request, StreamObserver<TraceFlowReply> reply) {
        answer(
                reply,
                Function.identity(),
                () -> commands.reports().trace(Questions.readFlow(request.getFlow())));
    }

    @Override
    public void listUpstreams(
            ListUpstreamsRequest request, StreamObserver<ListUpstreamsReply> reply) {
        answer(reply, Function.identity(), () -> commands.proxies().upstreams(request.getName()));
    }

    @Override
    public void listMalformed(
            ListMalformedRequest request, StreamObserver<ListMalformedReply> reply) {
        answer(reply, Function.identity(), () -> commands.proxies().malformed(request.getProxy()));
    }

    @Override
    public void readTraffic(ReadTrafficRequest request, StreamObserver<ReadTrafficReply> reply) {
        answer(reply, Function.identity(), () -> commands.proxies().traffic(request.getProxy()));
    }

    @Override
    public void listDirectors(
            ListDirectorsRequest request, StreamObserver<ListDirectorsReply> reply) {
        answer(reply, Function.identity(), () -> commands.reports().list(request.getCounters()));
    }

    @Override
    public void repairPool(RepairPoolRequest request, StreamObserver<RepairPoolReply> reply) {
        answer(
                reply,
                state ->
                        RepairPoolReply.newBuilder()
                                .setGeneration(state.generation())
                                .setEffect(
                                        "pool "
                                                + state.name()
                                                + " is at generation "
                                                + state.generation()
                                                + " with its last good state")
                                .build(),
                () -> commands.repair().repair(request.getPool(), actor(request.getActor())));
    }

    /** The kernel's word on the caller, and the caller's own as a claim. */
    private static String actor(String claim) {
        return Peer.current().actor(claim);
    }

    /** A process that has just started has a current view soon; without ZooKeeper it has none. */
    private <T, R> void answer(
            StreamObserver<R> reply, Function<T, R> toReply, Command<T> command) {
        try {
            ClusterView view = observer.awaitCurrent(PATIENCE);
            if (!view.current()) {
                throw UnavailableException.of(view);
            }
            switch (command.run()) {
                case Answer.Done<T>(T value) -> {
                    reply.onNext(toReply.apply(value));
                    reply.onCompleted();
                }
                case Answer.Refused<T> refused -> reply.onError(Refusals.status(refused));
            }
        } catch (IllegalArgumentException e) {
            reply.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException());
        } catch (UnavailableException | StoreException e) {
            reply.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asException());
        } catch (InterruptedException e) {
            reply.onError(AdminStreams.stopping());
        }
    }
}
