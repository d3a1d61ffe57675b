package dev.sluice.engine.files;

import io.netty.util.concurrent.DefaultThreadFactory;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Who waits for the disk in place of event loops. */
public final class FileThreads {
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 30;

    private FileThreads() {}

    /** They are there while there is work for them. */
    public static ExecutorService start() {
        // The queue is bounded by the requests: each has one piece of work at a time.
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        new DefaultThreadFactory("sluice-files", true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
