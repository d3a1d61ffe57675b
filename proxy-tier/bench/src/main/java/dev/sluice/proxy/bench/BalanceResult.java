package dev.sluice.proxy.bench;

import java.util.Optional;

/**
 * How one balancer spread the script.
 *
 * @param servers what was special about them
 * @param spread work of the server that worked most, by the mean of all
 * @param delay mean time to an answer beyond the work itself, in milliseconds
 * @param p99 the delay that one request of a hundred exceeds, in milliseconds
 * @param ratio its {@code delay} by that of HAProxy's leastconn, within each round; empty without
 *     it
 * @param answered requests that were answered, in all rounds
 */
public record BalanceResult(
        BalanceBench.Servers servers,
        Balancer balancer,
        Samples spread,
        Samples delay,
        Samples p99,
        Optional<Samples> ratio,
        int answered) {}
