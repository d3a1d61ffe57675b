package dev.sluice.engine;

import dev.sluice.engine.upstream.Group;

import io.netty.util.concurrent.Ticker;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/** Lets time pass for the upstreams of the configuration of the moment. */
final class UpstreamWatch implements AutoCloseable {
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
                long now = Ticker.systemTicker().nanoTime();
                groups.get().forEach(group -> group.endpoints().sweep(now));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
