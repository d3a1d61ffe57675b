package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.trace.Spans;

import org.jspecify.annotations.Nullable;

/** What is counted and noted of an exchange while it goes on. Confined to its event loop. */
final class Tally {
    private final long beganNanos;
    Phase phase = Phase.ROUTE;
    private long connectNanos = Timings.NEVER;
    private long connectedNanos = Timings.NEVER;
    private long answeredNanos = Timings.NEVER;
    @Nullable HostPort endpoint;
    @Nullable Failure failure;
    @Nullable String trace;

    /** Of a request that is sampled. */
    @Nullable Spans spans;

    Phase endedIn = Phase.DONE;
    int attempts;
    int status;
    long requestBytes;
    long responseBytes;
    private long endedNanos;

    Tally(long nowNanos) {
        beganNanos = nowNanos;
    }

    /** An endpoint is looked for; of several attempts the last one counts, but none waited. */
    void connect(long nowNanos) {
        connectNanos = connectNanos == Timings.NEVER ? nowNanos : connectNanos;
        connectedNanos = Timings.NEVER;
    }

    void connected(long nowNanos) {
        connectedNanos = nowNanos;
    }

    void answered(long nowNanos) {
        answeredNanos = nowNanos;
    }

    Timings timings() {
        return new Timings(
                between(beganNanos, connectNanos),
                between(connectNanos, connectedNanos),
                between(connectedNanos, answeredNanos),
                durationNanos());
    }

    private static long between(long from, long to) {
        return from == Timings.NEVER || to == Timings.NEVER ? Timings.NEVER : to - from;
    }

    /** The status of a response that has begun stays. */
    void fail(Failure why) {
        failure = why;
        status = status == 0 ? why.status() : status;
    }

    void end(long nowNanos) {
        endedIn = phase;
        endedNanos = nowNanos;
    }

    String outcome() {
        return failure == null ? "ok" : failure.reason();
    }

    private long durationNanos() {
        return endedNanos - beganNanos;
    }
}
