package dev.sluice.datapath;

import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What a datapath counts, for Prometheus. The number of series is bounded: verdicts are an enum,
 * pools and hops are as many as the datapath has room for, of binds the first {@link #MAX_BINDS} by
 * name have a series each and all others share one.
 */
public final class DatapathMetrics {
    static final int MAX_BINDS = 1000;

    /** No bind, pool or proxy is called that. */
    static final String OTHERS = "others";

    private static final String NO_POOL = "";

    private DatapathMetrics() {}

    private record Series(Map<String, String> labels, Traffic traffic) {}

    /**
     * {@code PREFIX_packets_total} by pool and verdict; the pool is empty for packets of none.
     *
     * @param what is counted, a noun
     */
    public static <C extends Enum<C>> MetricsText addPackets(
            MetricsText text, String prefix, String what, Counts<C> counts) {
        text.counter(
                prefix + "_packets_total",
                what + " since the XDP program's maps were made, by pool and verdict.");
        addPackets(text, NO_POOL, counts.unclaimed());
        new TreeMap<>(counts.pools()).forEach((pool, packets) -> addPackets(text, pool, packets));
        return text;
    }

    private static <C extends Enum<C>> void addPackets(
            MetricsText text, String pool, Map<C, Long> packets) {
        packets.forEach((verdict, n) ->
                text.sample(
                        Map.of("pool", pool, "verdict", verdict.name().toLowerCase(Locale.ROOT)),
                        n));
    }

    /**
     * Of a director: packets and bytes that were forwarded, by bind and by hop.
     *
     * @param proxies ids by underlay address, where they are known
     */
    public static MetricsText addTraffic(
            MetricsText text, Counts<?> counts, Map<Address, String> proxies) {
        addTraffic(text, "sluice_director_bind", "for a bind", binds(counts.binds()));
        return addTraffic(
                text,
                "sluice_director_hop",
                "to a proxy as first hop",
                hops(counts.hops(), proxies));
    }

    private static MetricsText addTraffic(
            MetricsText text, String prefix, String which, List<Series> series) {
        text.counter(prefix + "_packets_total", "Packets forwarded " + which + ".");
        add(text, series, Traffic::packets);
        text.counter(
                prefix + "_bytes_total", "Bytes of clients' IP packets forwarded " + which + ".");
        return add(text, series, Traffic::bytes);
    }

    private static MetricsText add(
            MetricsText text, List<Series> series, ToLongFunction<Traffic> value) {
        series.forEach(s -> text.sample(s.labels(), value.applyAsLong(s.traffic())));
        return text;
    }

    private static List<Series> binds(Map<Bind, Traffic> binds) {
        Map<String, Traffic> named = new TreeMap<>();
        binds.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getKey().toString()))
                .forEach(e ->
                        named.merge(
                                named.size() < MAX_BINDS ? e.getKey().toString() : OTHERS,
                                e.getValue(),
                                Traffic::plus));
        return named.entrySet().stream()
                .map(e -> new Series(Map.of("bind", e.getKey()), e.getValue()))
                .toList();
    }

    private static List<Series> hops(Map<Address, Traffic> hops, Map<Address, String> proxies) {
        return hops.entrySet().stream()
                .map(e ->
                        new Series(
                                Map.of(
                                        "address",
                                        e.getKey().toString(),
                                        "proxy",
                                        proxies.getOrDefault(e.getKey(), "")),
                                e.getValue()))
                .sorted(Comparator.comparing(s -> s.labels().get("address")))
                .toList();
    }
}
