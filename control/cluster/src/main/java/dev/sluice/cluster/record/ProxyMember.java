package dev.sluice.cluster.record;

import dev.sluice.cluster.pool.Address;

import java.util.List;
import java.util.Map;

/**
 * A running proxy's ephemeral record.
 *
 * @param incarnation changes with every start of the process
 * @param configRevision being served; 0 = none yet
 * @param installed pool name to installed generation
 * @param problems for the operator
 */
public record ProxyMember(
        String id,
        Address address,
        String incarnation,
        String version,
        long configRevision,
        Map<String, Long> installed,
        long connections,
        long requestsInFlight,
        List<String> problems) {
    public ProxyMember {
        installed = Map.copyOf(installed);
        problems = List.copyOf(problems);
    }
}
