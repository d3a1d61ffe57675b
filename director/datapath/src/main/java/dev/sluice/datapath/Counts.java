package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;

import java.util.EnumMap;
import java.util.Map;

/**
 * Everything that a datapath counts, summed over its CPUs, since its pins were made.
 *
 * @param unclaimed packets that belong to no pool, or to one that is gone
 * @param pools packets of each pool
 * @param binds of a director: what came for each bind and was forwarded
 * @param hops of a director: what was sent to each proxy as first hop, by its underlay address
 * @param <C> the verdicts of its program
 */
public record Counts<C extends Enum<C>>(
        Map<C, Long> unclaimed,
        Map<String, Map<C, Long>> pools,
        Map<Bind, Traffic> binds,
        Map<Address, Traffic> hops) {

    /** Of all pools, and of none. */
    public Map<C, Long> total() {
        Map<C, Long> total = new EnumMap<>(unclaimed);
        pools.values().forEach(pool -> pool.forEach((c, n) -> total.merge(c, n, Long::sum)));
        return total;
    }
}
