package dev.sluice.lab;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.PinnedDatapath;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * What the XDP programs of a cluster's hosts counted, read from their pins: no process of the
 * cluster is asked, so that it works while they are dead. Stateless.
 */
public final class HostCounters {
    private final Topology topology;
    private final Function<Node, Path> pins;

    /**
     * @param pins where in the BPF file system a node's maps are
     */
    public HostCounters(Topology topology, Function<Node, Path> pins) {
        this.topology = topology;
        this.pins = pins;
    }

    public Map<DirectorCounter, Long> ofDirector(Node director) {
        try (var datapath = PinnedDatapath.director(pins.apply(director))) {
            return datapath.counters();
        }
    }

    public Map<RedirectCounter, Long> ofProxy(Node proxy) {
        try (var datapath = PinnedDatapath.redirect(pins.apply(proxy))) {
            return datapath.counters();
        }
    }

    /** Over all directors. */
    public long directors(DirectorCounter counter) {
        return topology.nodes(Role.DIRECTOR).stream()
                .mapToLong(node -> ofDirector(node).getOrDefault(counter, 0L))
                .sum();
    }

    /** Over all proxy hosts. */
    public long proxies(RedirectCounter counter) {
        return topology.nodes(Role.PROXY).stream()
                .mapToLong(node -> ofProxy(node).getOrDefault(counter, 0L))
                .sum();
    }

    /** Has every director and proxy host count that flow's packets from now on. */
    public void watch(FlowKey flow) {
        for (Node node : topology.nodes(Role.DIRECTOR)) {
            try (var datapath = PinnedDatapath.director(pins.apply(node))) {
                datapath.watch(flow);
            }
        }
        for (Node node : topology.nodes(Role.PROXY)) {
            try (var datapath = PinnedDatapath.redirect(pins.apply(node))) {
                datapath.watch(flow);
            }
        }
    }

    /** What a host did with the packets of a watched flow. */
    public long packets(Node node, FlowKey flow, FlowVerdict verdict) {
        try (PinnedDatapath<?> datapath = open(node)) {
            return datapath.watched().stream()
                    .filter(watched -> watched.flow().equals(flow))
                    .mapToLong(watched -> watched.packets(verdict))
                    .sum();
        }
    }

    private PinnedDatapath<?> open(Node node) {
        return node.role() == Role.DIRECTOR
                ? PinnedDatapath.director(pins.apply(node))
                : PinnedDatapath.redirect(pins.apply(node));
    }
}
