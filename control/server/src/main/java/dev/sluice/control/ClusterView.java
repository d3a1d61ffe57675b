package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * All that this process knows about the cluster at one moment: the last good value of every node.
 * Immutable.
 *
 * @param number grows with every change of the view
 * @param connected to ZooKeeper
 * @param current everything was read again since the last connect
 * @param owned reports by pool and proxy
 * @param queues by pool, unless nothing was ever queued
 * @param problems by node: values that were refused and are not replaced by a good one yet
 */
record ClusterView(
        long number,
        boolean connected,
        boolean current,
        SortedMap<String, Versioned> pools,
        SortedMap<String, DirectorRecord> directors,
        SortedMap<String, DirectorMember> directorMembers,
        SortedMap<String, ProxyMember> proxyMembers,
        Map<String, Map<String, OwnedRows>> owned,
        Map<String, ChangeQueue> queues,
        Optional<ConfigRollout> rollout,
        Optional<ConfigRevision> active,
        SortedMap<String, String> problems) {

    /**
     * A pool state and the version of its node.
     *
     * @param corrupt the node was overwritten with junk since: nothing may be based on this value
     */
    record Versioned(PoolState state, int version, boolean corrupt) {}

    /** What the transition functions need to know about a pool: to explain, not to write. */
    Facts facts(PoolState pool) {
        return facts(pool, directors);
    }

    /**
     * The same, to write by.
     *
     * @param records of all directors, read after the pool's state
     */
    Facts facts(PoolState pool, Map<String, DirectorRecord> records) {
        Map<String, DirectorFacts> byDirector = new HashMap<>();
        records.forEach((id, director) ->
                byDirector.put(
                        id,
                        new DirectorFacts(
                                director.acknowledged().getOrDefault(pool.name(), 0L),
                                director.withdrawn(),
                                directorMembers.containsKey(id),
                                unreachable(id))));
        Map<String, ProxyFacts> byProxy = new HashMap<>();
        Map<String, OwnedReport> reports = new HashMap<>();
        pool.proxies()
                .forEach(proxy -> {
                    proxyFacts(proxy.id(), pool.name())
                            .ifPresent(facts -> byProxy.put(proxy.id(), facts));
                    report(pool.name(), proxy.id())
                            .ifPresent(rows -> reports.put(proxy.id(), fact(rows)));
                });
        return new Facts(byDirector, byProxy, reports);
    }

    Optional<OwnedRows> report(String pool, String proxy) {
        return Optional.ofNullable(owned.getOrDefault(pool, Map.of()).get(proxy));
    }

    List<String> problemTexts() {
        return List.copyOf(problems.values());
    }

    private Optional<ProxyFacts> proxyFacts(String proxy, String pool) {
        return Optional.ofNullable(proxyMembers.get(proxy))
                .map(member ->
                        new ProxyFacts(
                                member.incarnation(),
                                member.installed().getOrDefault(pool, 0L),
                                member.connections()));
    }

    private Set<String> unreachable(String director) {
        DirectorMember member = directorMembers.get(director);
        return member == null
                ? Set.of()
                : member.votes().stream()
                        .filter(vote -> !vote.healthy())
                        .map(DirectorMember.HopVote::proxy)
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static OwnedReport fact(OwnedRows rows) {
        return new OwnedReport(
                rows.incarnation(),
                rows.installedGeneration(),
                rows.fenced(),
                rows.rows(),
                rows.flows());
    }
}
