package dev.sluice.lab.scenario;

import dev.sluice.lab.Role;

import java.util.List;

/** Proxies and servers that die or sleep. */
final class ProxyTrials {
    private ProxyTrials() {}

    static List<Trial> all() {
        return List.of(
                Catalog.small(
                        "proxy-kill",
                        "A proxy's process dies, and returns.",
                        Catalog.one(Role.PROXY, Catalog.LONG, Faults::kill)),
                Catalog.small(
                        "proxy-host",
                        "A proxy's host is lost, and returns.",
                        Catalog.one(Role.PROXY, Catalog.LONG, Faults::loseHost)),
                Catalog.small(
                        "proxy-pause",
                        "A proxy sleeps for four seconds.",
                        Catalog.one(Role.PROXY, Catalog.SHORT, Faults::pause)),
                Catalog.small(
                        "upstream-kill",
                        "An upstream server dies, and returns.",
                        Catalog.one(Role.UPSTREAM, Catalog.SHORT, Faults::kill)));
    }
}
