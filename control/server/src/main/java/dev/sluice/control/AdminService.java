package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.AbortRequest;
import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.ApplyConfigReply;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;
import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.DrainRequest;
import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.FillRequest;
import dev.sluice.proto.admin.v1.FollowEventsRequest;
import dev.sluice.proto.admin.v1.ListEventsReply;
import dev.sluice.proto.admin.v1.ListEventsRequest;
import dev.sluice.proto.admin.v1.RemoveDirectorReply;
import dev.sluice.proto.admin.v1.RemoveDirectorRequest;
import dev.sluice.proto.admin.v1.ShowConfigReply;
import dev.sluice.proto.admin.v1.ShowConfigRequest;
import dev.sluice.proto.admin.v1.StatusRequest;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The admin API. Every call has a virtual thread of its own and may block. */
final class AdminService extends AdminGrpc.AdminImplBase {
    private static final Logger log = LoggerFactory.getLogger(AdminService.class);

    private static final int DEFAULT_EVENTS = 50;
    private static final long MAX_DEADLINE_MS = Duration.ofDays(30).toMillis();

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Between two statuses of a watch: changes come in crowds. */
    private static final Duration WATCH_PAUSE = Duration.ofMillis(50);

    /** Counters and deadlines move without a change of the view. */
    private static final Duration WATCH_TICK = Duration.ofSeconds(1);

    /** Between two looks at the audit log for one that follows it: a list of names each. */
    private static final Duration FOLLOW_PAUSE = Duration.ofMillis(500);

    private final Observer observer;
    private final Supplier<ClusterStatus> status;
    private final ChangeCommands changes;
    private final ConfigCommands configs;
    private final DirectorCommands directors;
    private final EventLog events;

    AdminService(
            Observer observer,
            Supplier<ClusterStatus> status,
            ChangeCommands changes,
            ConfigCommands configs,
            DirectorCommands directors,
            EventLog events) {
        this.observer = observer;
        this.status = status;
        this.changes = changes;
        this.configs = configs;
        this.directors = directors;
        this.events = events;
    }

    /** A command that may find ZooKeeper away. */
    private interface Command<T> {
        Answer<T> run() throws UnavailableException, StoreException;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<ClusterStatus> reply) {
        reply.onNext(status.get());
        reply.onCompleted();
    }

    @Override
    public void watchStatus(StatusRequest request, StreamObserver<ClusterStatus> reply) {
        ServerCallStreamObserver<ClusterStatus> call =
                (ServerCallStreamObserver<ClusterStatus>) reply;
        // A handler keeps a cancelled call from throwing; the loop looks for itself.
        call.setOnCancelHandler(() -> log.atDebug().log("watch.cancelled"));
        try {
            ClusterView seen = observer.view();
            while (!call.isCancelled()) {
                // Latest wins: a reader that is slow skips states.
                if (call.isReady()) {
                    call.onNext(status.get());
                }
                Thread.sleep(WATCH_PAUSE);
                seen = observer.awaitNewer(seen, WATCH_TICK);
            }
        } catch (InterruptedException e) {
            call.onError(stopping());
        }
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<ChangeReply> reply) {
        if (request.getDeadlineMs() < 0 || request.getDeadlineMs() > MAX_DEADLINE_MS) {
            reply.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription(
                                    "deadline of "
                                            + request.getDeadlineMs()
                                            + " ms; allowed: 0 to "
                                            + MAX_DEADLINE_MS)
                            .asException());
            return;
        }
        answer(
                reply,
                AdminService::changes,
                () ->
                        changes.drain(
                                request.getProxy(),
                                request.getPool(),
                                request.getDeadlineMs(),
                                actor(request.getActor())));
    }

    @Override
    public void fill(FillRequest request, StreamObserver<ChangeReply> reply) {
        answer(
                reply,
                AdminService::changes,
                () ->
                        changes.fill(
                                request.getProxy(), request.getPool(), actor(request.getActor())));
    }

    @Override
    public void abort(AbortRequest request, StreamObserver<ChangeReply> reply) {
        answer(
                reply,
                AdminService::changes,
                () -> changes.abort(request.getPool(), actor(request.getActor())));
    }

    @Override
    public void applyConfig(ApplyConfigRequest request, StreamObserver<ApplyConfigReply> reply) {
        answer(
                reply,
                applied ->
                        ApplyConfigReply.newBuilder()
                                .setRevision(applied.revision())
                                .setUnchanged(applied.unchanged())
                                .build(),
                () ->
                        configs.apply(
                                request.getSource(),
                                request.getOrigin(),
                                actor(request.getActor())));
    }

    @Override
    public void showConfig(ShowConfigRequest request, StreamObserver<ShowConfigReply> reply) {
        answer(reply, AdminService::shown, () -> configs.show(request.getRevision()));
    }

    @Override
    public void listEvents(ListEventsRequest request, StreamObserver<ListEventsReply> reply) {
        int limit = request.getLimit() <= 0 ? DEFAULT_EVENTS : request.getLimit();
        answer(
                reply,
                list ->
                        ListEventsReply.newBuilder()
                                .addAllEvents(list.stream().map(AdminService::event).toList())
                                .build(),
                () -> new Answer.Done<>(events.newest(limit)));
    }

    @Override
    public void removeDirector(
            RemoveDirectorRequest request, StreamObserver<RemoveDirectorReply> reply) {
        answer(
                reply,
                id -> RemoveDirectorReply.getDefaultInstance(),
                () -> directors.remove(request.getId(), actor(request.getActor())));
    }

    @Override
    public void followEvents(FollowEventsRequest request, StreamObserver<Event> reply) {
        ServerCallStreamObserver<Event> call = (ServerCallStreamObserver<Event>) reply;
        call.setOnCancelHandler(() -> log.atDebug().log("events.cancelled"));
        try {
            long seen = request.getAfterSequence();
            while (!call.isCancelled()) {
                for (EventLog.Logged logged : events.after(seen)) {
                    call.onNext(event(logged));
                    seen = logged.sequence();
                }
                Thread.sleep(FOLLOW_PAUSE);
            }
        } catch (StoreException e) {
            call.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asException());
        } catch (InterruptedException e) {
            call.onError(stopping());
        }
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
        } catch (UnavailableException | StoreException e) {
            reply.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asException());
        } catch (InterruptedException e) {
            reply.onError(stopping());
        }
    }

    private static StatusException stopping() {
        return Status.UNAVAILABLE.withDescription("the control process stops").asException();
    }

    private static ChangeReply changes(List<ChangeCommands.Begun> begun) {
        ChangeReply.Builder reply = ChangeReply.newBuilder();
        for (ChangeCommands.Begun one : begun) {
            reply.addChanges(
                    AcceptedChange.newBuilder()
                            .setPool(one.state().name())
                            .setGeneration(one.state().generation())
                            .setEpoch(one.epoch())
                            .setEffect(one.effect())
                            .setDeadlineUnixMs(one.deadlineUnixMs()));
        }
        return reply.build();
    }

    private static ShowConfigReply shown(ConfigCommands.Shown shown) {
        return ShowConfigReply.newBuilder()
                .setRevision(shown.revision().number())
                .setSource(shown.revision().source())
                .setOrigin(shown.revision().origin())
                .setAppliedBy(shown.revision().appliedBy())
                .setAppliedUnixMs(shown.revision().appliedUnixMs())
                .setActive(shown.active())
                .build();
    }

    private static Event event(EventLog.Logged logged) {
        AuditEvent event = logged.event();
        return Event.newBuilder()
                .setSequence(logged.sequence())
                .setUnixMs(event.unixMs())
                .setActor(event.actor())
                .setAction(event.action())
                .setSubject(event.subject())
                .setEffect(event.effect())
                .setGeneration(event.generation())
                .build();
    }
}
