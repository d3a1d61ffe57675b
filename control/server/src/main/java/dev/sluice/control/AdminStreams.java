package dev.sluice.control;

import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.Event;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.Supplier;

/** The calls of the admin API that go on until whoever called goes. Each blocks its thread. */
record AdminStreams(Observer observer, Supplier<ClusterStatus> status, EventLog events) {
    private static final Logger log = LoggerFactory.getLogger(AdminStreams.class);

    /** Between two statuses of a watch: changes come in crowds. */
    private static final Duration WATCH_PAUSE = Duration.ofMillis(50);

    /** Counters and deadlines move without a change of the view. */
    private static final Duration WATCH_TICK = Duration.ofSeconds(1);

    /** Between two looks at the audit log for one that follows it: a list of names each. */
    private static final Duration FOLLOW_PAUSE = Duration.ofMillis(500);

    /** A status at once, and whenever something changes. */
    void status(ServerCallStreamObserver<ClusterStatus> call) {
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

    /**
     * The audit log as it grows.
     *
     * @param after the sequence number of the last event that the caller knows
     */
    void events(ServerCallStreamObserver<Event> call, long after) {
        call.setOnCancelHandler(() -> log.atDebug().log("events.cancelled"));
        try {
            long seen = after;
            while (!call.isCancelled()) {
                for (EventLog.Logged logged : events.after(seen)) {
                    call.onNext(Replies.event(logged));
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

    static StatusException stopping() {
        return Status.UNAVAILABLE.withDescription("the control process stops").asException();
    }
}
