package dev.sluice.cluster.agent;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All that a proxy host remembers between two observations.
 *
 * @param self this proxy's id
 * @param incarnation of this process
 * @param fresh connected to ZooKeeper, and everything re-read since
 * @param problems subject to what is wrong with it, for people
 */
public record ProxyHostState(
        String self,
        String incarnation,
        boolean fresh,
        Map<String, HostedPool> pools,
        Mode mode,
        Map<String, String> problems) {

    public ProxyHostState {
        pools = Map.copyOf(pools);
        problems = Map.copyOf(problems);
    }

    public static ProxyHostState initial(String self, String incarnation) {
        return new ProxyHostState(self, incarnation, false, Map.of(), Mode.SERVING, Map.of());
    }

    /** Pool to the generation that is installed and survives a restart. */
    public Map<String, Long> persisted() {
        return pools.entrySet().stream()
                .filter(e -> e.getValue().persisted() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().persisted()));
    }

    /** The newest state known of a pool. */
    public Optional<PoolState> latest(String pool) {
        return Optional.ofNullable(pools.get(pool)).map(HostedPool::latest);
    }

    /** The last report that this process made of a pool. */
    public Optional<OwnedReport> report(String pool) {
        return Optional.ofNullable(pools.get(pool)).flatMap(HostedPool::report);
    }

    ProxyHostState withSession(boolean isFresh) {
        return new ProxyHostState(self, incarnation, isFresh, pools, mode, problems);
    }

    ProxyHostState with(Mode next) {
        return new ProxyHostState(self, incarnation, fresh, pools, next, problems);
    }

    ProxyHostState with(String pool, HostedPool hosted) {
        Map<String, HostedPool> next = new HashMap<>(pools);
        next.put(pool, hosted);
        return new ProxyHostState(self, incarnation, fresh, next, mode, problems);
    }

    /**
     * Records what is wrong with a subject.
     *
     * @param problem empty: nothing any more
     */
    ProxyHostState withProblem(String subject, String problem) {
        Map<String, String> next = new HashMap<>(problems);
        if (problem.isEmpty()) {
            next.remove(subject);
        } else {
            next.put(subject, problem);
        }
        return new ProxyHostState(self, incarnation, fresh, pools, mode, next);
    }
}
