package dev.sluice.proxy.bench;

import java.util.Optional;

/**
 * How one balancer spread the script.
 *
 * @param servers what was special about them
 * @param spread work of the server that worked most, by the mean of all
 * @param p50 median of the time to an answer, in milliseconds
 * @param p99 time to an answer that one request of a hundred exceeds, in milliseconds
 * @param ratio its {@code p99} by that of HAProxy's leastconn, within each round; empty without it
 * @param answered requests that were answered, in all rounds
 */
public record BalanceResult(
        BalanceBench.Servers servers,
        Balancer balancer,
        Samples spread,
        Samples p50,
        Samples p99,
        Optional<Samples> ratio,
        int answered) {}
