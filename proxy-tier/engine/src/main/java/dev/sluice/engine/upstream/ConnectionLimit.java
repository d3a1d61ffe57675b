package dev.sluice.engine.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.netty.channel.EventLoop;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How many connections one endpoint may have from this proxy, on all of its event loops together.
 * Who wants one more waits for a permit, first come, first served, and for that a connection that
 * rests somewhere is given up. Thread-safe.
 */
public final class ConnectionLimit {
    /** Those who wait, the oldest first. */
    @GuardedBy("this")
    private final Set<Permit> wanted = new LinkedHashSet<>();

    /** Connections that nobody needs now, the one that rests longest first. */
    @GuardedBy("this")
    private final Set<Spare> spares = new LinkedHashSet<>();

    /** How many permits each owner holds. */
    @GuardedBy("this")
    private final Map<Object, Integer> held = new HashMap<>();

    @GuardedBy("this")
    private int most;

    @GuardedBy("this")
    private int open;

    ConnectionLimit(int most) {
        this.most = most;
    }

    /** A connection that rests. */
    interface Spare {
        /**
         * It is wanted elsewhere: closes it soon, on its own loop, or calls {@link #makeRoom} if it
         * rests no more. Any thread.
         */
        void giveUp();
    }

    /**
     * Asks for the right to make a connection.
     *
     * @param loop where the answer is heard, once, not before this returns
     * @param owner whose connections may be taken by whoever waits there
     * @param sharers among how many owners the limit is divided; 1 if one may have them all
     * @param timeout after which nobody waits any more
     * @param granted gets what must be ended
     * @param late runs if there was none in time
     */
    public Permit request(
            EventLoop loop,
            Object owner,
            int sharers,
            Duration timeout,
            Consumer<Permit> granted,
            Runnable late) {
        Permit permit = new Permit(this, loop, owner, sharers, granted, late);
        permit.await(timeout);
        join(permit);
        return permit;
    }

    private synchronized void join(Permit permit) {
        wanted.add(permit);
        grant();
        if (wanted.contains(permit)) {
            makeRoom();
        }
    }

    /** False if it is granted. */
    synchronized boolean leave(Permit permit) {
        return wanted.remove(permit);
    }

    synchronized void giveBack(Permit permit) {
        open--;
        held.computeIfPresent(permit.owner(), (_, count) -> count == 1 ? null : count - 1);
        grant();
    }

    /** Changes the limit; those beyond are given up as they come to rest. */
    synchronized void allow(int connections) {
        most = connections;
        grant();
        for (int excess = open - most; excess > 0; excess--) {
            giveUpOne();
        }
    }

    /** False if it shall not rest but close: somebody waits for it. */
    synchronized boolean rests(Spare spare) {
        return !isShort() && spares.add(spare);
    }

    /** It rests no more. */
    synchronized void works(Spare spare) {
        spares.remove(spare);
    }

    /** One that rests is given up, if there is any and somebody waits. */
    synchronized void makeRoom() {
        if (isShort()) {
            giveUpOne();
        }
    }

    @GuardedBy("this")
    private void giveUpOne() {
        Iterator<Spare> oldest = spares.iterator();
        if (oldest.hasNext()) {
            Spare spare = oldest.next();
            oldest.remove();
            spare.giveUp();
        }
    }

    @GuardedBy("this")
    private boolean isShort() {
        if (open > most) {
            return true;
        }
        for (Permit permit : wanted) {
            if (isDue(permit)) {
                return true;
            }
        }
        return false;
    }

    /** Its owner has not yet what is its share. */
    @GuardedBy("this")
    private boolean isDue(Permit permit) {
        int share = Math.max(1, most / permit.sharers());
        return permit.sharers() == 1 || held.getOrDefault(permit.owner(), 0) < share;
    }

    @GuardedBy("this")
    private void grant() {
        Iterator<Permit> next = wanted.iterator();
        while (open < most && next.hasNext()) {
            Permit permit = next.next();
            if (isDue(permit)) {
                next.remove();
                open++;
                held.merge(permit.owner(), 1, Integer::sum);
                permit.grant();
            }
        }
    }

    /** Connections that count at the moment, those on their way included. */
    synchronized int open() {
        return open;
    }

    synchronized int most() {
        return most;
    }

    /** There are as many as may be, and all are in use. */
    synchronized boolean isFull() {
        return open >= most && spares.isEmpty();
    }

    /** How many wait for one. */
    synchronized int waiting() {
        return wanted.size();
    }

    synchronized boolean isUnused() {
        return open == 0 && wanted.isEmpty();
    }
}
