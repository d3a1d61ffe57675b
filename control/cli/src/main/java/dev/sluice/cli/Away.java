package dev.sluice.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

import java.time.Duration;
import java.util.Iterator;

/** Endures a control process that restarts, for a while. */
final class Away {
    static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long RETRY_MS = 500;

    private final AdminClient client;
    private final Duration patience;
    private long seenNanos = System.nanoTime();

    Away(AdminClient client) {
        this(client, PATIENCE);
    }

    /** With a patience of its own. */
    Away(AdminClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /** The control process has answered. */
    void back() {
        seenNanos = System.nanoTime();
    }

    /** Blocks a little before the next try; throws when it was away too long, or for good. */
    void endured(StatusRuntimeException e) throws Failure {
        boolean away = e.getStatus().getCode() == Status.Code.UNAVAILABLE;
        if (!away || isOver()) {
            throw client.failure(e);
        }
        pause();
    }

    private boolean isOver() {
        return System.nanoTime() - seenNanos > patience.toNanos();
    }

    /** Begins to read what a control process tells. */
    interface Opening<T> {
        Iterator<T> open() throws Failure;
    }

    /** Any control process will do; while there is none, one may come back. */
    <T> Iterator<T> open(Opening<T> opening) throws Failure {
        while (true) {
            try {
                return opening.open();
            } catch (Failure e) {
                if (isOver()) {
                    throw e;
                }
                pause();
            }
        }
    }

    void pause() throws Failure {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILED, "interrupted");
        }
    }
}
