package dev.sluice.engine.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.sluice.cluster.l7.Discovery;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The endpoints that are looked up, and what is known of them. Searches go on across configurations
 * as long as one wants them. Thread-safe.
 */
public final class Discoveries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discoveries.class);

    private final Finder<Discovery.Dns> dns;

    /** Written before the first configuration that may need it. */
    private volatile Finder<Discovery.Services> services =
            (_, hears) -> {
                hears.accept(new Finding.Failed("there is no ZooKeeper here"));
                return () -> {};
            };

    private final Runnable onChange;

    @GuardedBy("this")
    private final Map<Discovery, Place> places = new HashMap<>();

    /** Somewhere that is looked at. */
    private static final class Place {
        Known known = Known.NOTHING;
        boolean heard;
        Finder.Search search = () -> {};
    }

    /**
     * Looks for nothing yet.
     *
     * @param onChange runs after endpoints of a place have changed; never under a lock of ours
     */
    public Discoveries(Finder<Discovery.Dns> dns, Runnable onChange) {
        this.dns = dns;
        this.onChange = onChange;
    }

    /** Who knows services; without one they are all unknown. */
    public void servicesBy(Finder<Discovery.Services> finder) {
        services = finder;
    }

    /** One that asks the same, for a look of its own: looks for nothing yet. */
    public Discoveries another() {
        Discoveries other = new Discoveries(dns, () -> {});
        other.servicesBy(services);
        return other;
    }

    /** Looks for these from now on, and for no others. */
    public synchronized void follow(Set<Discovery> wanted) {
        Map<Discovery, Place> before = Map.copyOf(places);
        places.entrySet()
                .removeIf(one -> {
                    boolean gone = !wanted.contains(one.getKey());
                    if (gone) {
                        one.getValue().search.close();
                    }
                    return gone;
                });
        for (Discovery place : wanted) {
            if (!places.containsKey(place)) {
                Place made = new Place();
                // What is looked up in another way is the same: its endpoints stay until then.
                before.forEach((old, was) -> {
                    if (isAlike(old, place)) {
                        made.known = was.known;
                    }
                });
                places.put(place, made);
                made.search = search(place, made);
            }
        }
    }

    private static boolean isAlike(Discovery one, Discovery other) {
        return one instanceof Discovery.Dns a
                && other instanceof Discovery.Dns b
                && a.name().equals(b.name())
                && a.records() == b.records()
                && a.port() == b.port();
    }

    private Finder.Search search(Discovery place, Place made) {
        return switch (place) {
            case Discovery.Dns name -> dns.find(name, finding -> hear(place, made, finding));
            case Discovery.Services service ->
                    services.find(service, finding -> hear(place, made, finding));
        };
    }

    private void hear(Discovery place, Place made, Finding finding) {
        try {
            if (note(place, made, finding)) {
                onChange.run();
            }
        } catch (RuntimeException e) {
            // The next finding may well be of use: the search goes on.
            LOG.atError().addKeyValue("place", place).setCause(e).log("endpoints-not-used");
        }
    }

    /** True if the endpoints are others. */
    private synchronized boolean note(Discovery place, Place made, Finding finding) {
        Known before = made.known;
        Known now = before.and(finding);
        made.known = now;
        made.heard |= finding instanceof Finding.Found;
        notifyAll();
        if (places.get(place) != made) {
            return false;
        }
        if (!now.trouble().isEmpty() && !now.trouble().equals(before.trouble())) {
            LOG.atWarn()
                    .addKeyValue("place", place)
                    .addKeyValue("why", now.trouble())
                    .log("endpoints-unknown");
        }
        boolean changed = !now.endpoints().equals(before.endpoints());
        if (changed) {
            LOG.atInfo()
                    .addKeyValue("place", place)
                    .addKeyValue("before", before.endpoints().size())
                    .addKeyValue("now", now.endpoints().size())
                    .log("endpoints-found");
        }
        return changed;
    }

    /** Waits until every place has said what there is, but not for ever. */
    public synchronized void awaitFirst(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try {
            for (long left = most.toNanos();
                    isSilent() && left > 0;
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @GuardedBy("this")
    private boolean isSilent() {
        return places.values().stream().anyMatch(place -> !place.heard);
    }

    /** Of a place that is looked at. */
    public synchronized Known of(Discovery place) {
        return Objects.requireNonNullElse(places.get(place), new Place()).known;
    }

    @Override
    public void close() {
        follow(Set.of());
    }
}
