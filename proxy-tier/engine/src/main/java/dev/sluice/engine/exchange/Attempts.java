package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.Group;

import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a request is tried on: one, and a second if the first did nothing with it and
 * the group's budget allows. Confined to an event loop.
 */
final class Attempts {
    private final Group group;
    private final RequestHead head;
    private final Ledger ledger;
    private int made;
    private boolean retrying;

    /** For a request that has entered its group. */
    Attempts(Group group, RequestHead head, Ledger ledger) {
        this.group = group;
        this.head = head;
        this.ledger = ledger;
    }

    /** Where to; null if there is nobody (but the one that failed). */
    @Nullable HostPort next(@Nullable HostPort failed) {
        made++;
        return group.next(failed);
    }

    int made() {
        return made;
    }

    /** After a connect that failed no endpoint knows of the request: any may be asked. */
    boolean mayReconnect() {
        return made == 1 && group.upstream().endpoints().size() > 1 && take(Failure.CONNECT_FAILED);
    }

    /**
     * A server may close a resting connection just as it is used again. That is no answer: if the
     * request is safe to repeat, it is asked again, on a new connection. One that says that it did
     * not process the request (RFC 9113 §8.7) may be believed.
     */
    boolean mayRepeat(UpstreamStream failed, Failure why, RequestBody body) {
        boolean unharmed =
                switch (why) {
                    case UPSTREAM_REFUSED -> true;
                    case UPSTREAM_CLOSED -> failed.mayBeStale() && head.isIdempotent();
                    default -> false;
                };
        return unharmed && made == 1 && body.isRepeatable() && take(why);
    }

    private boolean take(Failure why) {
        retrying = group.enterRetry();
        ledger.onRetry(why, retrying);
        return retrying;
    }

    /** A second attempt that is answered burdens nobody any more, however long it lasts. */
    void answered() {
        if (retrying) {
            retrying = false;
            group.leaveRetry();
        }
    }

    /** The request is over. */
    void end() {
        answered();
        group.leave();
    }
}
