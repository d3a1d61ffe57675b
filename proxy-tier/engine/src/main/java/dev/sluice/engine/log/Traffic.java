package dev.sluice.engine.log;

import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.http.Failure;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the requests of each upstream. Thread-safe; never blocks. There are as many counts
 * as the configuration has upstreams, and one for requests that are for none.
 */
public final class Traffic {
    /** Stands for requests that are for no upstream: refused, redirected, answered here. */
    public static final String NONE = "";

    private static final int CLASSES = 6;

    private final Map<String, Counts> byUpstream = new ConcurrentHashMap<>();

    private static final class Counts {
        /** By the first digit of the status; 0 for a client that left before there was one. */
        final LongAdder[] byClass = new LongAdder[CLASSES];

        final Latencies latencies = new Latencies();

        Counts() {
            for (int i = 0; i < CLASSES; i++) {
                byClass[i] = new LongAdder();
            }
        }
    }

    /** Counts a request that is over. */
    public void add(Summary request) {
        Counts counts = of(request.upstream());
        counts.byClass[classOf(request)].increment();
        long answered = request.timings().answered();
        if (answered >= 0) {
            counts.latencies.add(answered);
        }
    }

    /** The status of a client that left is for the log alone: nothing was sent. */
    private static int classOf(Summary request) {
        boolean left =
                request.status() == Failure.CLIENT_GONE.status()
                        && request.outcome().equals(Failure.CLIENT_GONE.reason());
        return left ? 0 : classOf(request.status());
    }

    private static int classOf(int status) {
        return Math.clamp(status / 100, 0, CLASSES - 1);
    }

    /** Counts a request that was refused before it began. */
    public void addRefused(Failure why) {
        of(null).byClass[classOf(why.status())].increment();
    }

    private Counts of(@Nullable String upstream) {
        String name = upstream == null ? NONE : upstream;
        Counts known = byUpstream.get(name);
        return known == null ? byUpstream.computeIfAbsent(name, _ -> new Counts()) : known;
    }

    /** Forgets all upstreams but these. */
    public void retain(Set<String> upstreams) {
        byUpstream.keySet().removeIf(name -> !name.equals(NONE) && !upstreams.contains(name));
    }

    /**
     * Of one upstream, since it is there.
     *
     * @param byStatus by class, like {@code 2xx}; {@code none} for clients that left before
     * @param latencies from the request's head to the response's
     */
    public record Reading(Map<String, Long> byStatus, Latencies.Reading latencies) {}

    /** By upstream. */
    public Map<String, Reading> read() {
        Map<String, Reading> all = new TreeMap<>();
        byUpstream.forEach((name, counts) -> {
            Map<String, Long> byStatus = new TreeMap<>();
            for (int i = 0; i < CLASSES; i++) {
                byStatus.put(i == 0 ? "none" : i + "xx", counts.byClass[i].sum());
            }
            all.put(name, new Reading(byStatus, counts.latencies.read()));
        });
        return all;
    }
}
