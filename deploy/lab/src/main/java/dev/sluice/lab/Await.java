package dev.sluice.lab;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that others bring about, and notices an interrupt. */
public final class Await {
    private Await() {}

    /** Something to wait for. */
    public interface Condition {
        boolean holds() throws IOException;
    }

    /** False if it did not hold in time; looks every {@code poll}. */
    public static boolean until(Duration limit, Duration poll, Condition condition)
            throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            pause(poll);
        }
        return true;
    }

    public static void pause(Duration time) throws InterruptedIOException {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting");
        }
    }
}
