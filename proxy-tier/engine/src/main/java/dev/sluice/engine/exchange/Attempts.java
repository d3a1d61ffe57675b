package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.UpstreamVersion;
import dev.sluice.cluster.l7.route.Hedging;
import dev.sluice.cluster.l7.route.Repeats;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Search;
import dev.sluice.engine.upstream.Waiter;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/**
 * The endpoints that a request is tried on: the first that can be had, and another time if it did
 * nothing with it and the group's budget allows. Confined to an event loop.
 */
final class Attempts {
    private static final int SWITCHING = 101;

    private final Group group;
    private final RequestHead head;
    private final Ledger ledger;
    private final Ticker clock;
    private final Repeats repeats;

    /** Null if there is never more than one attempt at a time. */
    private final @Nullable Duration hedgeAfter;

    private Search search;
    private boolean pinned;
    private int made;
    private @Nullable ScheduledFuture<?> tryLimit;
    private @Nullable ScheduledFuture<?> hedgeTime;
    private boolean repeated;
    private boolean retrying;

    /** For a request that has entered its group. */
    Attempts(Group group, long place, Route route, RequestHead head, Ledger ledger, Ticker clock) {
        this.group = group;
        this.head = head;
        this.ledger = ledger;
        this.clock = clock;
        repeats = route.retries();
        hedgeAfter = route.hedge().map(Hedging::after).orElse(null);
        search = new Search(group, place);
    }

    /** It stays where it was, if that is still there. */
    void pin(@Nullable Endpoint endpoint) {
        if (endpoint != null) {
            pinned = true;
            search.pin(endpoint);
        }
    }

    /** Where to; null if there is nobody. */
    @Nullable Endpoint next() {
        return count(search.next(clock.nanoTime()));
    }

    private @Nullable Endpoint count(@Nullable Endpoint next) {
        made += next == null ? 0 : 1;
        return next;
    }

    /**
     * Where to after a connect that failed; null if no other endpoint is left to ask. No server
     * heard of the request, so none is burdened: the budget is for those that did.
     */
    @Nullable Endpoint nextAfter(Failure why) {
        Endpoint next = count(search.nextAfterFailure(why.reason(), clock.nanoTime()));
        if (next != null) {
            ledger.onRetry(Failure.CONNECT_FAILED, true);
        }
        return next;
    }

    /** Whether it has to wait, as there is nobody now but somebody to wait for. */
    boolean isCrowded() {
        return search.isCrowded();
    }

    void await(EventLoop loop, Waiter waiter) {
        search.await(loop, waiter);
    }

    /** It waited for this one. */
    void came() {
        made++;
    }

    int made() {
        return made;
    }

    /** The endpoint did not do with the request what it should. */
    void failed(UpstreamStream failed, Failure why) {
        cancelTimes();
        if (isFault(failed, why)) {
            search.failed(why.reason(), clock.nanoTime());
        }
    }

    /** Why there is no connection. */
    static Failure ofConnect(Throwable cause) {
        return cause instanceof SSLException ? Failure.TLS_FAILED : Failure.CONNECT_FAILED;
    }

    /** Of the endpoint. */
    static boolean isFault(UpstreamStream failed, Failure why) {
        return why.fault() == Failure.Fault.UPSTREAM && !isHarmless(failed, why);
    }

    /** Servers close resting connections, and say goodbye; some take no tunnels. */
    private static boolean isHarmless(UpstreamStream failed, Failure why) {
        return switch (why) {
            case UPSTREAM_REFUSED, TUNNEL_REFUSED -> true;
            case UPSTREAM_CLOSED -> failed.mayBeStale();
            default -> false;
        };
    }

    /**
     * A server may close a resting connection just as it is used again. That is no answer: if the
     * request is safe to repeat, it is asked again, on a new connection. One that says that it did
     * not process the request (RFC 9113 §8.7) may be believed. One that died with the request in
     * its hands may have done half of it: whatever is safe to repeat is asked of another.
     */
    boolean mayRepeat(UpstreamStream failed, Failure why, RequestBody body) {
        if (repeated || !repeats.allowed() || !body.isRepeatable()) {
            return false;
        }
        boolean may =
                switch (why) {
                    case UPSTREAM_REFUSED -> true;
                    case UPSTREAM_CLOSED ->
                            head.isIdempotent()
                                    && !failed.isAnswered()
                                    && (failed.mayBeStale() || search.hasOthers());
                    default -> false;
                };
        return may && take(why);
    }

    /**
     * Whether the route wants a better answer than this one, and another endpoint may be asked for
     * it. The one that gave it is to blame then.
     */
    boolean mayRepeat(int status, RequestBody body) {
        boolean may =
                isUnwanted(status)
                        && !repeated
                        && head.isIdempotent()
                        && body.isRepeatable()
                        && search.hasOthers()
                        && take(Failure.BAD_STATUS);
        if (may) {
            cancelTimes();
            blame(status);
        }
        return may;
    }

    /** As {@link #next}, but elsewhere, if there is anybody else. */
    @Nullable Endpoint nextElsewhere() {
        if (search.hasOthers()) {
            search.avoid();
        }
        return next();
    }

    private boolean take(Failure why) {
        repeated = true;
        leaveBudget();
        retrying = group.enterRetry();
        ledger.onRetry(why, retrying);
        return retrying;
    }

    /**
     * The endpoint has the request.
     *
     * @param agoNanos since when
     * @param tooLong runs if another one should better be asked
     */
    void sent(EventLoop loop, long agoNanos, Runnable tooLong) {
        Duration limit = perTry();
        if (limit != null && repeats.allowed() && !repeated && head.isIdempotent()) {
            long leftNanos = Math.max(0, limit.toNanos() - agoNanos);
            tryLimit = loop.schedule(tooLong, leftNanos, TimeUnit.NANOSECONDS);
        }
    }

    // ---- a second one at the same time

    /** Whether somebody else may be asked as well, if the first one takes long. */
    boolean mayHedge() {
        return hedgeAfter != null
                && !repeated
                && !pinned
                && head.isIdempotent()
                && !head.asksForTunnel();
    }

    /** Only if it {@link #mayHedge}. */
    void hedgeLater(EventLoop loop, Runnable hedge) {
        long nanos = Objects.requireNonNull(hedgeAfter).toNanos();
        hedgeTime = loop.schedule(hedge, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * A way for the second one, which is at its endpoint; it is one of those that the budget is
     * for. Null, and counted, if there is to be none: it never waits.
     */
    @Nullable Search hedge() {
        Search beside = search.hasOthers() && group.enterRetry() ? search.beside() : null;
        if (beside != null && beside.next(clock.nanoTime()) != null) {
            made++;
            return beside;
        }
        if (beside != null) {
            group.leaveRetry();
        }
        ledger.onHedge(HedgeResult.REFUSED);
        return null;
    }

    /** The second one is the only one from now on, and goes on as what the budget is for. */
    void moveTo(Search beside) {
        cancelTimes();
        search.leave();
        search = beside;
        retrying = true;
    }

    /** The second one is over, and the first goes on. */
    void endBeside(Search beside) {
        search.shun(beside);
        beside.leave();
        group.leaveRetry();
    }

    /** For who was asked beside the first. */
    void blame(Search beside, String why) {
        beside.failed(why, clock.nanoTime());
    }

    void count(HedgeResult result) {
        ledger.onHedge(result);
    }

    long now() {
        return clock.nanoTime();
    }

    /** The first one is given up for the second, which answers. */
    void overtaken() {
        search.overtaken(clock.nanoTime());
    }

    /** Whether the route wants a better answer, as long as there may be one. */
    boolean isUnwanted(int status) {
        return repeats.statuses().contains(status);
    }

    /** Its answer was {@link #isUnwanted}. */
    void blame(int status) {
        search.failed("status " + status, clock.nanoTime());
    }

    private @Nullable Duration perTry() {
        Duration own = repeats.perTry().orElse(null);
        return own == null ? group.upstream().retries().perTry().orElse(null) : own;
    }

    private void cancelTimes() {
        if (tryLimit != null) {
            tryLimit.cancel(false);
            tryLimit = null;
        }
        if (hedgeTime != null) {
            hedgeTime.cancel(false);
            hedgeTime = null;
        }
    }

    /** The endpoint takes too long: whether it is worth asking another. */
    boolean mayAskAnother(UpstreamStream slow, RequestBody body) {
        return !repeated
                && !slow.isAnswered()
                && body.isRepeatable()
                && search.hasOthers()
                && take(Failure.UPSTREAM_TIMEOUT);
    }

    /** The head of a response is there. */
    void answered(ResponseHead response) {
        int status = response.status();
        cancelTimes();
        leaveBudget();
        judgeCall(response.fields());
        if (isFailure(status)) {
            blame(status);
        } else {
            search.answered(clock.nanoTime());
        }
        if (status == SWITCHING) {
            search.succeeded();
            search.becomeTunnel();
        }
    }

    /** The response is there to its end. */
    void completed(Fields trailers) {
        judgeCall(trailers);
        search.succeeded();
    }

    /** Calls of gRPC, which need HTTP/2, say at their end what became of them. */
    private void judgeCall(Fields end) {
        if (group.upstream().version() != UpstreamVersion.H1
                && Grpc.isServerFault(end)
                && Grpc.isCall(head.fields())) {
            search.failed("grpc-status " + end.get(Grpc.STATUS), clock.nanoTime());
        }
    }

    /** Of the server, as it is; not of the request, which no server would do. */
    static boolean isFailure(int status) {
        return switch (status) {
            case 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** A second attempt that is answered burdens nobody any more, however long it lasts. */
    private void leaveBudget() {
        if (retrying) {
            retrying = false;
            group.leaveRetry();
        }
    }

    /** The request is over. */
    void end() {
        cancelTimes();
        leaveBudget();
        search.leave();
        group.leave();
    }
}
