package dev.sluice.proxy.bench;

/**
 * What a request costs on a route with a feature.
 *
 * @param feature {@code off} for a route without any
 * @param micros of the proxy's threads for a request
 * @param ratio of that to a route without, within each round
 * @param bytes of a response's body on the wire
 */
public record FeatureResult(String feature, Samples micros, Samples ratio, long bytes) {}
