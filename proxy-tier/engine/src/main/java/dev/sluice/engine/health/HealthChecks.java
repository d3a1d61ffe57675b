package dev.sluice.engine.health;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Group;

import io.netty.channel.EventLoop;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One checker for each endpoint whose upstream wants it, spread over the event loops. They go on
 * across configurations. Thread-safe.
 */
public final class HealthChecks implements AutoCloseable {

    /** An event loop and the connections that live on it. */
    public record Site(EventLoop loop, Connections connections) {}

    /** An endpoint; of the same address in two upstreams there are two. */
    private record Key(Endpoints endpoints, HostPort address) {}

    private final List<Site> sites;

    @GuardedBy("this")
    private Map<Key, Checker> checkers = Map.of();

    @GuardedBy("this")
    private int turn;

    public HealthChecks(List<Site> sites) {
        this.sites = List.copyOf(sites);
    }

    /** Checks the endpoints of these from now on, and no others. */
    public synchronized void follow(Collection<Group> groups) {
        Map<Key, Checker> next = new HashMap<>();
        for (Group group : groups) {
            if (group.upstream().check().isPresent()) {
                for (HostPort address : group.endpoints().addresses()) {
                    Key key = new Key(group.endpoints(), address);
                    next.put(key, checker(key, group));
                }
            }
        }
        checkers.forEach((key, checker) -> {
            if (!next.containsKey(key)) {
                checker.stop();
            }
        });
        checkers = next;
    }

    @GuardedBy("this")
    private Checker checker(Key key, Group group) {
        Checker known = checkers.get(key);
        if (known != null) {
            known.become(group);
            return known;
        }
        Checker made = new Checker(sites.get(turn++ % sites.size()), key.address, group);
        made.start();
        return made;
    }

    @Override
    public void close() {
        follow(List.of());
    }
}
