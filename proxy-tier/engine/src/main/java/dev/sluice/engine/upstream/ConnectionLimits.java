package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What each endpoint of an upstream may have of connections. Thread-safe. */
final class ConnectionLimits {
    private final Map<HostPort, ConnectionLimit> limits = new ConcurrentHashMap<>();
    private volatile int most = Integer.MAX_VALUE;

    ConnectionLimit of(HostPort endpoint) {
        return limits.computeIfAbsent(endpoint, _ -> new ConnectionLimit(most));
    }

    void allow(int connections) {
        most = connections;
        limits.values().forEach(limit -> limit.allow(connections));
    }

    /** Forgets all others, as soon as they have no connection. */
    void retain(Set<HostPort> endpoints) {
        limits.entrySet()
                .removeIf(one -> !endpoints.contains(one.getKey()) && one.getValue().isUnused());
    }
}
