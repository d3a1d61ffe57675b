package dev.sluice.lab.demo;

import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.lab.Await;
import dev.sluice.lab.HostCounters;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the hosts do with one flow. Used by one thread. */
final class FlowCounters {
    private final List<Node> directors;
    private final HostCounters counters;
    private final FlowKey flow;

    private FlowCounters(List<Node> directors, HostCounters counters, FlowKey flow) {
        this.directors = directors;
        this.counters = counters;
        this.flow = flow;
    }

    /** Counts the packets of an HTTP connection to the VIP from now on. */
    static FlowCounters watch(Lab lab, InetSocketAddress client) {
        FlowKey flow =
                new FlowKey(
                        Protocol.TCP,
                        Address.of(client.getAddress().getAddress()),
                        client.getPort(),
                        Address.parse(Topology.VIP),
                        Topology.HTTP_PORT);
        HostCounters counters = lab.counters();
        counters.watch(flow);
        return new FlowCounters(lab.topology().nodes(Role.DIRECTOR), counters, flow);
    }

    /** Packets that this host kept though another was asked first. */
    long secondChances(Node proxy) {
        return counters.packets(proxy, flow, FlowVerdict.SECOND_CHANCE);
    }

    /** The directors that forwarded packets of the flow within some time. */
    List<Node> carriers(Duration time) throws IOException {
        Map<Node, Long> before =
                directors.stream().collect(Collectors.toMap(Function.identity(), this::forwarded));
        Await.pause(time);
        return directors.stream()
                .filter(director -> forwarded(director) > before.getOrDefault(director, 0L))
                .toList();
    }

    private long forwarded(Node director) {
        return counters.packets(director, flow, FlowVerdict.FORWARDED);
    }
}
