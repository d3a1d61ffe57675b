package dev.sluice.engine.health;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.engine.upstream.Group;

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

    Checker(HealthChecks.Site site, HostPort address, Group group) {
        this.site = site;
        this.address = address;
        this.group = group;
    }

    void start() {
        next(ThreadLocalRandom.current().nextLong(Math.min(FIRST_NANOS, intervalNanos())));
    }

    void become(Group next) {
        group = next;
    }

    void stop() {
        stopped = true;
    }

    private void next(long nanos) {
        if (!stopped && !site.loop().isShuttingDown()) {
            site.loop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
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
