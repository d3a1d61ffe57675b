package dev.sluice.cluster.agent;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that a proxy host remembers between two observations.
 *
 * @param self this proxy's id
 * @param incarnation of this process
 * @param fresh connected to ZooKeeper, and everything re-read since
 * @param directors addresses by id; empty for a record that cannot be used
 * @param problems subject to what is wrong with it, for people
 */
public record ProxyHostState(
        String self,
        String incarnation,
        boolean fresh,
        Map<String, Set<Address>> directors,
        Map<String, HostedPool> pools,
        Mode mode,
        Map<String, String> problems) {

    public ProxyHostState {
        directors = Map.copyOf(directors);
        pools = Map.copyOf(pools);
        problems = Map.copyOf(problems);
    }

    public static ProxyHostState initial(String self, String incarnation) {
        return new ProxyHostState(
                self, incarnation, false, Map.of(), Map.of(), Mode.SERVING, Map.of());
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

    /**
     * Who may send encapsulated packets: all directors, and all proxies of what was read last,
     * installed or not.
     *
     * @return empty: that is not known, so everybody
     */
    public Set<Address> senders() {
        if (directors.isEmpty() || directors.containsValue(Set.<Address>of())) {
            return Set.of();
        }
        Set<Address> senders = new HashSet<>();
        directors.values().forEach(senders::addAll);
        pools.values().stream()
                .flatMap(hosted -> hosted.latest().proxies().stream())
                .forEach(proxy -> senders.add(proxy.address()));
        return senders;
    }

    ProxyHostState withDirector(String id, Set<Address> addresses) {
        Map<String, Set<Address>> next = new HashMap<>(directors);
        next.put(id, addresses);
        return new ProxyHostState(self, incarnation, fresh, next, pools, mode, problems);
    }

    ProxyHostState withoutDirector(String id) {
        Map<String, Set<Address>> next = new HashMap<>(directors);
        next.remove(id);
        return new ProxyHostState(self, incarnation, fresh, next, pools, mode, problems);
    }

    ProxyHostState withSession(boolean isFresh) {
        return new ProxyHostState(self, incarnation, isFresh, directors, pools, mode, problems);
    }

    ProxyHostState with(Mode next) {
        return new ProxyHostState(self, incarnation, fresh, directors, pools, next, problems);
    }

    ProxyHostState with(String pool, HostedPool hosted) {
        Map<String, HostedPool> next = new HashMap<>(pools);
        next.put(pool, hosted);
        return new ProxyHostState(self, incarnation, fresh, directors, next, mode, problems);
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
        return new ProxyHostState(self, incarnation, fresh, directors, pools, mode, next);
    }
}
