package dev.sluice.engine.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Those who wait for a place at an endpoint of an upstream: first come, first served, on whatever
 * event loop they are. Whoever gives a place back hands it on, so that none is free while somebody
 * waits for it. Thread-safe; costs one read as long as nobody waits.
 */
final class WaitingLine {
    /** The oldest first. */
    @GuardedBy("this")
    private final Set<Wait> waits = new LinkedHashSet<>();

    /** Written under the lock: their number. */
    private volatile int length;

    @GuardedBy("this")
    private long joined;

    @GuardedBy("this")
    private long waitedNanos;

    @GuardedBy("this")
    private long full;

    @GuardedBy("this")
    private long late;

    boolean isEmpty() {
        return length == 0;
    }

    /** False if too many wait already. */
    synchronized boolean join(Wait wait, int most) {
        if (waits.size() >= most) {
            return false;
        }
        waits.add(wait);
        length = waits.size();
        joined++;
        return true;
    }

    /** One that wanted to join was refused. */
    synchronized void onFull() {
        full++;
    }

    /** False if it waits no more: it has a place. */
    synchronized boolean leave(Wait wait) {
        boolean waited = waits.remove(wait);
        if (waited) {
            onGone(wait);
        }
        return waited;
    }

    /** As {@link #leave}, since it waited too long. */
    synchronized boolean giveUp(Wait wait) {
        boolean waited = leave(wait);
        late += waited ? 1 : 0;
        return waited;
    }

    /** Places may have become free: whoever waits for them gets them. Any thread. */
    void serve() {
        if (length > 0) {
            giveOut();
        }
    }

    /** Who can go to any endpoint and finds no place need not be followed by others who try. */
    private synchronized void giveOut() {
        Iterator<Wait> all = waits.iterator();
        while (all.hasNext()) {
            Wait next = all.next();
            if (next.isHopeless()) {
                continue;
            }
            if (next.takePlace()) {
                all.remove();
                onGone(next);
                next.call();
            } else if (!next.isChoosy()) {
                return;
            }
        }
    }

    @GuardedBy("this")
    private void onGone(Wait wait) {
        length = waits.size();
        waitedNanos += wait.sinceNanos();
    }

    synchronized WaitingStatus status() {
        return new WaitingStatus(waits.size(), joined, waitedNanos, full, late);
    }
}
