package dev.sluice.cluster.node;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What a role does from its start to SIGTERM or SIGINT. */
public interface Service extends AutoCloseable {
    /** Returns after {@link #close}. The calling thread is the owner of what the service opens. */
    void run() throws IOException, InterruptedException;

    /** Any thread; {@link #run} then returns. */
    @Override
    void close();

    /** Runs on the calling thread until the JVM is told to stop, and keeps the JVM up till then. */
    static void runUntilStopped(Service service) throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread onStop =
                new Thread(
                        () -> {
                            service.close();
                            awaitQuietly(ended);
                        },
                        "stop");
        Runtime.getRuntime().addShutdownHook(onStop);
        try {
            service.run();
        } finally {
            ended.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
