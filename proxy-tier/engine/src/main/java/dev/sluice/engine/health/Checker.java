package dev.sluice.engine.health;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.engine.upstream.Group;

import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Checks one endpoint again and again; always the same event loop does. */
final class Checker {
    /** Within which all are checked for the first time. */
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HealthChecks.Site site;
    private final HostPort address;

    /** As the configuration of the moment describes it; read once for each check. */
    private volatile Group group;

    private volatile boolean stopped;

    /** The next check, or the one that is under way. Confined to the event loop. */
    private @Nullable ScheduledFuture<?> upcoming;

    Checker(HealthChecks.Site site, HostPort address, Group group) {
        this.site = site;
        this.address = address;
        this.group = group;
    }

    void start() {
        onLoop(this::first);
    }

    private void first() {
        next(ThreadLocalRandom.current().nextLong(Math.min(FIRST_NANOS, intervalNanos())));
    }

    /** Another interval holds at once, not only after the old one, which may be long. */
    void become(Group next) {
        long before = intervalNanos();
        group = next;
        if (intervalNanos() != before) {
            onLoop(this::hurry);
        }
    }

    /** A check that is under way looks at the interval when it is done. */
    private void hurry() {
        if (upcoming != null && upcoming.cancel(false)) {
            first();
        }
    }

    private void onLoop(Runnable task) {
        if (!site.loop().isShuttingDown()) {
            site.loop().execute(task);
        }
    }

    void stop() {
        stopped = true;
    }

    private void next(long nanos) {
        if (!stopped && !site.loop().isShuttingDown()) {
            upcoming = site.loop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void check() {
        if (!stopped) {
            new Attempt(site, address, group, this::onDone).start();
        }
    }

    private void onDone(@Nullable String problem) {
        if (!stopped) {
            group.endpoints().onCheck(address, problem, site.loop().ticker().nanoTime());
        }
        long interval = intervalNanos();
        // Give or take a tenth: proxies and checks shall not fall into step.
        next(interval + ThreadLocalRandom.current().nextLong(-interval / 10, interval / 10));
    }

    private long intervalNanos() {
        return group.upstream().check().map(HealthCheck::interval).orElseThrow().toNanos();
    }
}
