package dev.sluice.engine.upstream;

import dev.sluice.engine.balance.EndpointStatus;

import java.util.List;
import java.util.Map;

/**
 * How an upstream is doing on this proxy, for people.
 *
 * @param panic too few endpoints are fit for use, so that all are used
 * @param requests on their way to it
 * @param ejections since the proxy knows it
 * @param endpoints in the order of the configuration
 * @param copies of requests that it got, or was to get; empty if nobody knows of any
 * @param waiting for a place at one of them
 * @param trouble with finding endpoints; empty if there is none
 */
public record UpstreamStatus(
        String name,
        boolean panic,
        int requests,
        long ejections,
        List<EndpointStatus> endpoints,
        Map<Copies.Result, Long> copies,
        WaitingStatus waiting,
        String trouble) {
    public UpstreamStatus {
        endpoints = List.copyOf(endpoints);
        copies = Map.copyOf(copies);
    }
}
