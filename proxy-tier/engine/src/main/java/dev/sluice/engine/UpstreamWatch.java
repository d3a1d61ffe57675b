package dev.sluice.engine;

import dev.sluice.engine.upstream.Group;

import io.netty.util.concurrent.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/** Lets time pass for the upstreams of the configuration of the moment. */
final class UpstreamWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<Collection<Group>> groups;
    private final Thread thread;

    /** Begins at once. */
    UpstreamWatch(Supplier<Collection<Group>> groups) {
        this.groups = groups;
        thread = Thread.ofVirtual().name("upstreams").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                sweep(groups.get(), Ticker.systemTicker().nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one fails at is not to hold up the others, nor the next time. */
    static void sweep(Collection<Group> groups, long nowNanos) {
        for (Group group : groups) {
            try {
                group.sweep(nowNanos);
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("upstream", group.upstream().name())
                        .setCause(e)
                        .log("sweep-failed");
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
