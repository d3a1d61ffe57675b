package dev.sluice.lab.scenario;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.Role;
import dev.sluice.lab.traffic.Flood;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Packets that are lost, late or too many. */
final class LineTrials {
    private static final Duration FLOOD = Duration.ofSeconds(6);
    private static final int PACKETS_PER_SECOND = 5000;

    private LineTrials() {}

    static List<Trial> all() {
        return Stream.concat(cuts().stream(), noises().stream()).toList();
    }

    private static List<Trial> cuts() {
        return List.of(
                Catalog.small(
                        "proxy-cut",
                        "A proxy is cut off for four seconds, both ways, and nobody is told.",
                        cut(Cut.BOTH)),
                Catalog.small(
                        "proxy-deaf",
                        "Nothing arrives at a proxy; what it sends does.",
                        cut(Cut.TO_NODE)),
                Catalog.small(
                        "proxy-mute",
                        "A proxy hears everything, and nothing that it sends arrives.",
                        cut(Cut.FROM_NODE)));
    }

    private static Script cut(Cut cut) {
        return Catalog.one(Role.PROXY, Catalog.SHORT, (faults, node) -> faults.cut(node, cut));
    }

    private static List<Trial> noises() {
        return List.of(
                Catalog.small(
                        "loss",
                        "Three of a hundred packets to every proxy and server are lost.",
                        play ->
                                play.during(
                                        Catalog.LONG,
                                        Stream.of(Role.PROXY, Role.UPSTREAM)
                                                .flatMap(role -> play.nodes(role).stream())
                                                .map(node ->
                                                        play.faults()
                                                                .impair(node, 3, Duration.ZERO))
                                                .toArray(Fault[]::new))),
                Catalog.small(
                        "delay",
                        "Packets to every proxy take 40 ms longer, during a drain.",
                        play ->
                                Catalog.drainAndFill(
                                        play,
                                        Catalog.SHORT,
                                        play.nodes(Role.PROXY).stream()
                                                .map(node ->
                                                        play.faults()
                                                                .impair(
                                                                        node,
                                                                        0,
                                                                        Duration.ofMillis(40)))
                                                .toArray(Fault[]::new))),
                Catalog.small(
                        "syn-flood", "SYNs from nowhere, during a drain.", flood(Flood.Kind.SYN)),
                Catalog.small(
                        "ack-flood",
                        "ACKs of connections that never were, during a drain.",
                        flood(Flood.Kind.ACK)));
    }

    private static Script flood(Flood.Kind kind) {
        return play ->
                Catalog.hurtInADrain(
                        play,
                        Duration.ofSeconds(1),
                        play.faults().flood(kind, PACKETS_PER_SECOND, FLOOD));
    }
}
