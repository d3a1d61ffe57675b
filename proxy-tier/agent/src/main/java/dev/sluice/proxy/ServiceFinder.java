package dev.sluice.proxy;

import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.ServiceInstance;
import dev.sluice.cluster.zookeeper.ChildValues;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.engine.discovery.Finder;
import dev.sluice.engine.discovery.Finding;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the instances of services in the ZooKeeper that the proxy is a member of. Thread-safe.
 *
 * @param prefix below which they may be; empty for nowhere: who writes the L7 configuration is not
 *     to read whatever the proxy can
 */
record ServiceFinder(ClusterStore store, Optional<String> prefix)
        implements Finder<Discovery.Services> {
    private static final Logger log = LoggerFactory.getLogger(ServiceFinder.class);
    private static final int MOST = 10_000;

    @Override
    public Search find(Discovery.Services place, Consumer<Finding> hears) {
        if (prefix.filter(one -> place.path().startsWith(one + "/")).isEmpty()) {
            hears.accept(
                    new Finding.Failed(
                            prefix.map(one -> "this proxy reads services below " + one + " only")
                                            .orElse("this proxy reads no services")
                                    + ": set services in its file"));
            return () -> {};
        }
        return store.childValues(place.path(), view -> hears.accept(finding(place, view)))::close;
    }

    private static Finding finding(Discovery.Services place, ChildValues.View view) {
        return switch (view) {
            case ChildValues.Unknown(String why) -> new Finding.Failed(why);
            case ChildValues.Values(Map<String, byte[]> byName) -> finding(place, byName);
        };
    }

    /** Without any instance the last ones stay: all of them gone at once is rarely meant. */
    static Finding finding(Discovery.Services place, Map<String, byte[]> byName) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        String wrong = "";
        for (Map.Entry<String, byte[]> child : byName.entrySet()) {
            try {
                ServiceInstance instance = ServiceInstance.parse(child.getValue());
                EndpointSpec endpoint = new EndpointSpec(instance.endpoint());
                if (instance.enabled() && !endpoints.contains(endpoint)) {
                    endpoints.add(endpoint);
                }
            } catch (IllegalArgumentException e) {
                wrong = "; instance " + child.getKey() + " " + e.getMessage();
                log.atWarn()
                        .addKeyValue("path", place.path())
                        .addKeyValue("instance", child.getKey())
                        .addKeyValue("why", e.getMessage())
                        .log("instance-passed-over");
            }
        }
        if (endpoints.isEmpty() || endpoints.size() > MOST) {
            return new Finding.Failed(
                    "%s has %d instances to use%s"
                            .formatted(place.path(), endpoints.size(), wrong));
        }
        return new Finding.Found(endpoints);
    }
}
