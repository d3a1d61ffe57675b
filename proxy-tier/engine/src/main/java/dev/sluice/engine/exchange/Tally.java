package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Phase;

import org.jspecify.annotations.Nullable;

/** What is counted and noted of an exchange while it goes on. Confined to its event loop. */
final class Tally {
    private final long beganNanos;
    @Nullable HostPort endpoint;
    @Nullable Failure failure;
    Phase endedIn = Phase.DONE;
    int attempts;
    int status;
    long requestBytes;
    long responseBytes;
    private long endedNanos;

    Tally(long nowNanos) {
        beganNanos = nowNanos;
    }

    /** The status of a response that has begun stays. */
    void fail(Failure why) {
        failure = why;
        status = status == 0 ? why.status() : status;
    }

    void end(Phase phase, long nowNanos) {
        endedIn = phase;
        endedNanos = nowNanos;
    }

    String outcome() {
        return failure == null ? "ok" : failure.reason();
    }

    long durationNanos() {
        return endedNanos - beganNanos;
    }
}
