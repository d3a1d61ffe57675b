package dev.sluice.control;

import dev.sluice.cluster.zookeeper.WriteGate;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Counts the writes of a control process, and lets it die before one of them. */
final class Guillotine implements WriteGate {
    private static final int NEVER = 0;

    private final List<String> writes = new ArrayList<>();
    private final List<Long> writeNanos = new ArrayList<>();
    private int cutBefore = NEVER;
    private boolean armed;
    private boolean dead;
    private @Nullable Runnable onDeath;
    private long lastWriteNanos;
    private volatile @Nullable CountDownLatch wake;
    private volatile boolean sleeping;
    private volatile int awakened;

    /**
     * From now on.
     *
     * @param write before which it dies, from 1; 0 = never
     * @param death called by the thread that writes; the write is not made
     */
    synchronized void arm(int write, Runnable death) {
        writes.clear();
        armed = true;
        cutBefore = write;
        onDeath = death;
    }

    /** The next write waits for the latch, then is made. */
    void sleepBeforeTheNextWrite(CountDownLatch latch) {
        wake = latch;
    }

    /** A write waits. */
    boolean sleeps() {
        return sleeping;
    }

    /** 1 once the sleep is over. */
    int awakened() {
        return awakened;
    }

    @Override
    public void beforeWrite(String what) throws InterruptedException {
        CountDownLatch latch = wake;
        if (latch != null) {
            wake = null;
            sleeping = true;
            latch.await();
            sleeping = false;
            awakened = 1;
        }
        count(what);
    }

    private synchronized void count(String what) {
        if (dead) {
            throw new IllegalStateException("dead: does not " + what);
        }
        if (armed) {
            writes.add(what);
            if (writes.size() == cutBefore && onDeath != null) {
                dead = true;
                onDeath.run();
                throw new IllegalStateException("dies before it can " + what);
            }
        }
        lastWriteNanos = System.nanoTime();
        writeNanos.add(lastWriteNanos);
    }

    synchronized List<String> writes() {
        return List.copyOf(writes);
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Its first write since a moment. */
    synchronized long firstWriteNanosAfter(long nanos) {
        return writeNanos.stream().filter(w -> w - nanos > 0).findFirst().orElse(nanos);
    }

    /** When it wrote last. */
    synchronized long lastWriteNanos() {
        return lastWriteNanos;
    }
}
