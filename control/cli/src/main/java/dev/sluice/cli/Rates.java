package dev.sluice.cli;

import dev.sluice.proto.cluster.v1.TrafficReading;
import dev.sluice.proto.cluster.v1.UpstreamTraffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one proxy did between two readings of its counts. Pure.
 *
 * @param connections open at the end, as {@code inFlight}
 * @param upstreams those that the later reading knows, by name; one without a name stands for
 *     requests that are for none
 */
record Rates(
        long connections,
        long inFlight,
        double retriesPerSecond,
        double malformedPerSecond,
        List<Upstream> upstreams) {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * @param p50Micros half of the responses began within that time; infinite: later than anything
     *     that is counted; not a number: there were none; as {@code p99Micros}
     */
    record Upstream(
            UpstreamTraffic now,
            double requestsPerSecond,
            double errorsPerSecond,
            double p50Micros,
            double p99Micros) {}

    Rates {
        upstreams = List.copyOf(upstreams);
    }

    /** Empty if the clock of the later one does not go on from the earlier one's. */
    static Optional<Rates> between(TrafficReading before, TrafficReading after) {
        double seconds = (after.getAtNanos() - before.getAtNanos()) / NANOS_PER_SECOND;
        if (seconds <= 0) {
            return Optional.empty();
        }
        Map<String, UpstreamTraffic> known =
                before.getUpstreamsList().stream()
                        .collect(Collectors.toMap(UpstreamTraffic::getName, one -> one));
        List<Upstream> upstreams = new ArrayList<>();
        for (UpstreamTraffic now : after.getUpstreamsList()) {
            UpstreamTraffic then =
                    known.getOrDefault(now.getName(), UpstreamTraffic.getDefaultInstance());
            upstreams.add(upstream(then, now, seconds));
        }
        return Optional.of(
                new Rates(
                        after.getConnections(),
                        after.getRequestsInFlight(),
                        grown(before.getRetries(), after.getRetries()) / seconds,
                        grown(malformed(before), malformed(after)) / seconds,
                        upstreams));
    }

    /** A count that fell began anew: all of it is new. */
    private static double grown(long before, long after) {
        return after < before ? after : after - before;
    }

    private static long malformed(TrafficReading reading) {
        return reading.getMalformedRequests() + reading.getMalformedResponses();
    }

    private static Upstream upstream(UpstreamTraffic then, UpstreamTraffic now, double seconds) {
        // Of one that went and came back, or a process that did, all is new.
        boolean same = then.getTotal() <= now.getTotal();
        UpstreamTraffic before = same ? then : UpstreamTraffic.getDefaultInstance();
        long[] counts = new long[now.getCountsCount()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = now.getCounts(i) - (i < before.getCountsCount() ? before.getCounts(i) : 0);
        }
        return new Upstream(
                now,
                grown(before.getTotal(), now.getTotal()) / seconds,
                grown(before.getErrors(), now.getErrors()) / seconds,
                quantile(now.getBoundsUsList(), counts, 0.5),
                quantile(now.getBoundsUsList(), counts, 0.99));
    }

    /** Within a bucket as if its members lay at equal distances. */
    private static double quantile(List<Long> bounds, long[] counts, double part) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        double rank = part * all;
        double below = 0;
        for (int i = 0; i < Math.min(bounds.size(), counts.length); i++) {
            if (counts[i] > 0 && below + counts[i] >= rank) {
                double from = i == 0 ? 0 : bounds.get(i - 1);
                return from + (bounds.get(i) - from) * (rank - below) / counts[i];
            }
            below += counts[i];
        }
        return all == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    }
}
