package dev.sluice.engine.upstream;

import dev.sluice.engine.balance.EndpointStatus;

import java.util.List;

/**
 * How an upstream is doing on this proxy, for people.
 *
 * @param panic too few endpoints are fit for use, so that all are used
 * @param requests on their way to it
 * @param ejections since the proxy knows it
 * @param endpoints in the order of the configuration
 */
public record UpstreamStatus(
        String name, boolean panic, int requests, long ejections, List<EndpointStatus> endpoints) {
    public UpstreamStatus {
        endpoints = List.copyOf(endpoints);
    }
}
