package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.transition.Facts;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who works with an older generation than the pool's, and since when as this process saw it: from
 * the first generation that it was late for, until it has caught up. Immutable.
 *
 * @param directors ids to wall clock; a withdrawn one does not lag
 * @param proxies likewise
 */
record Lagging(Map<String, Long> directors, Map<String, Long> proxies) {
    static final Lagging NOBODY = new Lagging(Map.of(), Map.of());

    Lagging {
        directors = Map.copyOf(directors);
        proxies = Map.copyOf(proxies);
    }

    Lagging observed(PoolState state, Facts facts, long nowUnixMs) {
        return new Lagging(
                since(
                        List.copyOf(facts.directors().keySet()),
                        id -> isLate(facts.directors().get(id), state),
                        directors,
                        nowUnixMs),
                since(
                        state.proxies().stream().map(Proxy::id).toList(),
                        id -> isLate(facts.proxies().get(id), state),
                        proxies,
                        nowUnixMs));
    }

    private static boolean isLate(Facts.@Nullable DirectorFacts director, PoolState state) {
        return director != null
                && !director.withdrawn()
                && director.acknowledged() < state.generation();
    }

    private static boolean isLate(Facts.@Nullable ProxyFacts proxy, PoolState state) {
        return proxy == null || proxy.installed() < state.generation();
    }

    private static Map<String, Long> since(
            List<String> ids, Predicate<String> late, Map<String, Long> before, long nowUnixMs) {
        Map<String, Long> since = new HashMap<>();
        ids.stream().filter(late).forEach(id -> since.put(id, before.getOrDefault(id, nowUnixMs)));
        return since;
    }
}
