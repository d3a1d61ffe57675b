package dev.sluice.engine.upstream;

import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.balance.Picking;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A request's way through the endpoints of a group: at one at a time, back at none that it could
 * not have, and only at so many of them, as somebody waits. Tells them what became of it. Confined
 * to an event loop.
 */
public final class Search implements Picking {
    private final Group group;
    private final long place;

    /** Where it was and shall not be again. */
    private @Nullable Endpoint first;

    private @Nullable Endpoint second;

    private @Nullable Endpoint current;

    /** For a place somewhere; null if it never had to. */
    private @Nullable Wait wait;

    /** It was at as many as it may. */
    private boolean spent;

    private @Nullable Endpoint pinned;
    private long beganNanos;
    private boolean tunnel;

    /** What is to be said of where it is now is said: once for each. */
    private boolean judged;

    /**
     * Begins one.
     *
     * @param place {@link Endpoints#place}
     */
    public Search(Group group, long place) {
        this.group = group;
        this.place = place;
    }

    @Override
    public long place() {
        return place;
    }

    /** It goes there as long as it can be had. */
    public void pin(Endpoint endpoint) {
        pinned = endpoint;
    }

    /** Goes to the endpoint whose turn it is; null if none is left, or has a place. */
    public @Nullable Endpoint next(long nowNanos) {
        leave();
        judged = false;
        // Those who wait come first.
        boolean may = !group.isLimited() || group.line().isEmpty();
        return may && take(nowNanos) ? current : null;
    }

    /** Takes a place; of one that waits by any thread, under the line's lock. */
    boolean take(long nowNanos) {
        boolean stays = pinned != null && !wasAt(pinned);
        Endpoint next = stays ? pinned : pick(nowNanos);
        // Another loop may be faster.
        while (next != null && !next.begin(nowNanos, group.places())) {
            next = stays ? null : pick(nowNanos);
        }
        current = next;
        beganNanos = nowNanos;
        return next != null;
    }

    private @Nullable Endpoint pick(long nowNanos) {
        return group.endpoints().pick(this, ThreadLocalRandom.current(), nowNanos);
    }

    /** Where it is. */
    public Endpoint at() {
        return Objects.requireNonNull(current);
    }

    /** Whether there is somebody to go to, but no place with any of them. */
    public boolean isCrowded() {
        return group.isLimited()
                && !spent
                && (group.endpoints().hasFree(this::wasAt) || (pinned != null && !wasAt(pinned)));
    }

    /** It would go to one endpoint only, and that is full. */
    boolean isHopeless() {
        Endpoint only = pinned;
        return only != null && !wasAt(only) && isOut(only);
    }

    /** There is somebody that not all others could go to, or nobody that it could not. */
    boolean isChoosy() {
        return pinned != null || first != null;
    }

    /** Of one that is crowded: waits for a place until {@link #leave}. */
    public void await(EventLoop loop, Waiter waiter) {
        Wait next = new Wait(this, group.line(), loop, waiter);
        wait = next;
        next.begin(group.upstream().limits().orElseThrow());
    }

    /** As {@link #next}, and never back to where it is now, whose fault it is. */
    public @Nullable Endpoint nextAfterFailure(String why, long nowNanos) {
        failed(why, nowNanos);
        return avoid() ? next(nowNanos) : null;
    }

    /** It shall not be back where it is now; false if it was at as many as it may. */
    public boolean avoid() {
        if (second != null) {
            spent = true;
            return false;
        }
        second = first;
        first = current;
        return true;
    }

    /** Whether it could go anywhere but where it is now. */
    public boolean hasOthers() {
        Endpoint here = current;
        return second == null
                && group.endpoints().hasFree(endpoint -> endpoint == here || isOut(endpoint));
    }

    /** One of the same request that is never where this one is or was. Only if it has others. */
    public Search beside() {
        Search other = new Search(group, place);
        other.first = current;
        other.second = first;
        return other;
    }

    /** What the other one saw this one need not see, as far as it may be anywhere else. */
    public void shun(Search beside) {
        if (first == null) {
            first = beside.current;
        } else if (second == null) {
            second = beside.current;
        }
    }

    @Override
    public boolean isOut(Endpoint endpoint) {
        return wasAt(endpoint) || (group.isLimited() && endpoint.inFlight() >= group.places());
    }

    private boolean wasAt(Endpoint endpoint) {
        return endpoint == first || endpoint == second;
    }

    /**
     * It is the endpoint's fault.
     *
     * @param why for people
     */
    public void failed(String why, long nowNanos) {
        if (current != null && !judged) {
            judged = true;
            group.endpoints().onFailure(current, why, nowNanos);
        }
    }

    /** The endpoint begins to answer. */
    public void answered(long nowNanos) {
        if (current != null) {
            current.answered(beganNanos, nowNanos);
        }
    }

    /** Somebody else answered before: no fault, but a sign of how long it takes. */
    public void overtaken(long nowNanos) {
        if (current != null) {
            current.overtaken(beganNanos, nowNanos);
        }
    }

    /** The endpoint did what it should, unless it is known that it did not. */
    public void succeeded() {
        if (current != null && !judged) {
            judged = true;
            group.endpoints().onSuccess(current);
        }
    }

    /** From now on it is a tunnel. */
    public void becomeTunnel() {
        if (current != null && !tunnel) {
            tunnel = true;
            current.becomeTunnel(beganNanos);
            group.becomeTunnel();
        }
    }

    /** It is over, or goes on elsewhere. */
    public void leave() {
        if (wait != null) {
            wait.end();
        }
        Endpoint left = current;
        current = null;
        if (left == null) {
            return;
        }
        if (tunnel) {
            left.endTunnel();
            group.endTunnel();
        } else {
            left.end(beganNanos);
        }
        group.line().serve();
    }
}
