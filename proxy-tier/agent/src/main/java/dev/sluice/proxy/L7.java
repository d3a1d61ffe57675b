package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.discovery.Finder;
import dev.sluice.engine.upstream.UpstreamStatus;
import dev.sluice.proto.cluster.v1.TrafficReading;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The L7 engine as the proxy process sees it. All methods may be called from any thread. */
public interface L7 extends AutoCloseable {
    /**
     * Builds a configuration and swaps it in whole, or leaves the served one as it is. Blocks.
     *
     * @param origin what problems name as their file
     * @return why it is refused; empty = it is served
     */
    List<Problem> apply(String origin, L7Config config);

    /**
     * As {@link #apply}, but what is built is thrown away and nothing served changes. Blocks.
     *
     * @return why it would be refused; empty = it would be served
     */
    List<Problem> attempt(String origin, L7Config config);

    /**
     * What is no reason to refuse it, but to be told. Blocks, for seconds at most.
     *
     * @param config that {@link #attempt} finds no problem with
     */
    default List<Problem> warnings(String origin, L7Config config) {
        return List.of();
    }

    /** Whether it serves the cluster's configuration; if not, neither of the two is called. */
    default boolean takesConfigurations() {
        return true;
    }

    /** Who knows the endpoints of services; told before the first configuration. */
    default void servicesBy(Finder<Discovery.Services> finder) {}

    void serve(Mode mode);

    Load load();

    /** Resets the client connections among those flows that it has accepted. */
    void reset(Predicate<FlowKey> flows);

    /** Adds what it counts by itself. */
    default void addTo(MetricsText text) {}

    /** How upstreams are doing; none if it has none. */
    default List<UpstreamStatus> upstreams() {
        return List.of();
    }

    /** The last messages that were not valid, the oldest first. */
    default List<Captures.Kept> malformed() {
        return List.of();
    }

    /** What it counted so far. */
    default TrafficReading traffic() {
        return TrafficAnswer.of(load());
    }

    /** What is wrong though a configuration is served, for people. */
    List<String> problems();

    /** When the certificates end that are served, by file. */
    default Map<String, Instant> certificates() {
        return Map.of();
    }

    /** What is being served. */
    record Load(long connections, long requestsInFlight) {}

    @Override
    void close();
}
