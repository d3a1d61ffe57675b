package dev.sluice.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While open, Ctrl-C and SIGTERM interrupt the thread that opened it, and the JVM ends only after
 * that thread has cleaned up and closed it.
 */
final class OnInterrupt implements AutoCloseable {
    private static final Duration CLEANING_LIMIT = Duration.ofSeconds(60);

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "on-interrupt");

    OnInterrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupt() {
        worker.interrupt();
        try {
            boolean ignored = closed.await(CLEANING_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ignored) {
            // The hook is what brought us here.
        }
    }
}
