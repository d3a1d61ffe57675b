package dev.sluice.engine.buffer;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of one kind that all requests of an engine share. Thread-safe. */
final class Account {
    private final AtomicLong used = new AtomicLong();

    /** False, and nothing is taken, if that would be more than there may be. */
    boolean take(long bytes, long limit) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
