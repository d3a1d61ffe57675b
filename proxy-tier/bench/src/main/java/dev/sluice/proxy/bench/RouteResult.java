package dev.sluice.proxy.bench;

/**
 * What routing costs among so many routes.
 *
 * @param nanos to find the route of a request
 * @param ratio of that to the fewest routes that were measured, within each round
 * @param bytesEach allocated to find one
 * @param readMillis to read and check the configuration
 * @param buildMillis to make the table of it
 * @param buildBytes allocated for both
 */
public record RouteResult(
        int routes,
        Samples nanos,
        Samples ratio,
        double bytesEach,
        double readMillis,
        double buildMillis,
        long buildBytes) {}
