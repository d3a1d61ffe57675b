package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Search;

import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a request is tried on: the first that can be had, and another time if it did
 * nothing with it and the group's budget allows. Confined to an event loop.
 */
final class Attempts {
    private final Group group;
    private final RequestHead head;
    private final Ledger ledger;
    private final Search search;
    private int made;
    private boolean repeated;
    private boolean retrying;

    /** For a request that has entered its group. */
    Attempts(Group group, RequestHead head, Ledger ledger) {
        this.group = group;
        this.head = head;
        this.ledger = ledger;
        search = new Search(group);
    }

    /** Where to; null if there is nobody. */
    @Nullable HostPort next() {
        made++;
        return search.next();
    }

    /**
     * Where to after a connect that failed; null if no other endpoint is left to ask. No server
     * heard of the request, so none is burdened: the budget is for those that did.
     */
    @Nullable HostPort nextAfter(HostPort unreachable) {
        HostPort next = search.nextAfter(unreachable);
        if (next != null) {
            made++;
            ledger.onRetry(Failure.CONNECT_FAILED, true);
        }
        return next;
    }

    int made() {
        return made;
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
        return unharmed && !repeated && body.isRepeatable() && take(why);
    }

    private boolean take(Failure why) {
        repeated = true;
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
