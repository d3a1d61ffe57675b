package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that a director remembers between two observations.
 *
 * @param fresh connected to ZooKeeper, and everything re-read since
 * @param everFresh was fresh at least once since the process began
 * @param announcing routers send packets here
 * @param acknowledged pool to the generation on record
 * @param problems subject to what is wrong with it, for people
 */
public record DirectorState(
        HopHealth.Thresholds thresholds,
        long startedNanos,
        boolean fresh,
        boolean everFresh,
        boolean announcing,
        Map<String, Installation> installations,
        Map<String, Long> acknowledged,
        Map<String, HopHealth> hops,
        Map<String, String> problems) {

    public DirectorState {
        installations = Map.copyOf(installations);
        acknowledged = Map.copyOf(acknowledged);
        hops = Map.copyOf(hops);
        problems = Map.copyOf(problems);
    }

    public static DirectorState initial(HopHealth.Thresholds thresholds, long nowNanos) {
        return new DirectorState(
                thresholds, nowNanos, false, false, false, Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** Pool to the generation it forwards by. */
    public Map<String, Long> installed() {
        return installations.entrySet().stream()
                .filter(e -> e.getValue().generation() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().generation()));
    }

    /** The newest state known of a pool. */
    public Optional<PoolState> latest(String pool) {
        return Optional.ofNullable(installations.get(pool)).map(Installation::latest);
    }

    /** Every proxy of every pool, by id: what is to be probed. */
    public Map<String, Proxy> proxies() {
        Map<String, Proxy> proxies = new TreeMap<>();
        installations.values().stream()
                .flatMap(i -> i.latest().proxies().stream())
                .forEach(p -> proxies.put(p.id(), p));
        return proxies;
    }

    /** The proxies of a pool that this director cannot reach. */
    Set<String> unreachable(PoolState pool) {
        return pool.proxies().stream()
                .map(Proxy::id)
                .filter(id -> !hops.getOrDefault(id, HopHealth.UNKNOWN).reachable())
                .collect(Collectors.toUnmodifiableSet());
    }

    DirectorState withSession(boolean isFresh) {
        return new DirectorState(
                thresholds,
                startedNanos,
                isFresh,
                everFresh || isFresh,
                announcing,
                installations,
                acknowledged,
                hops,
                problems);
    }

    DirectorState withAnnouncing(boolean isAnnouncing) {
        return new DirectorState(
                thresholds,
                startedNanos,
                fresh,
                everFresh,
                isAnnouncing,
                installations,
                acknowledged,
                hops,
                problems);
    }

    DirectorState with(String pool, Installation installation) {
        Map<String, Installation> next = new HashMap<>(installations);
        next.put(pool, installation);
        return new DirectorState(
                thresholds,
                startedNanos,
                fresh,
                everFresh,
                announcing,
                next,
                acknowledged,
                hops,
                problems);
    }

    DirectorState withAcknowledged(Map<String, Long> generations) {
        Map<String, Long> next = new HashMap<>(acknowledged);
        generations.forEach((pool, generation) -> next.merge(pool, generation, Math::max));
        return new DirectorState(
                thresholds,
                startedNanos,
                fresh,
                everFresh,
                announcing,
                installations,
                next,
                hops,
                problems);
    }

    DirectorState with(String proxy, HopHealth health) {
        Map<String, HopHealth> next = new HashMap<>(hops);
        next.put(proxy, health);
        return new DirectorState(
                thresholds,
                startedNanos,
                fresh,
                everFresh,
                announcing,
                installations,
                acknowledged,
                next,
                problems);
    }

    /**
     * Records what is wrong with a subject.
     *
     * @param problem empty: nothing any more
     */
    DirectorState withProblem(String subject, String problem) {
        Map<String, String> next = new HashMap<>(problems);
        if (problem.isEmpty()) {
            next.remove(subject);
        } else {
            next.put(subject, problem);
        }
        return new DirectorState(
                thresholds,
                startedNanos,
                fresh,
                everFresh,
                announcing,
                installations,
                acknowledged,
                hops,
                next);
    }
}
