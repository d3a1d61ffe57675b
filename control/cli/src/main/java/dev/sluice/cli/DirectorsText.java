package dev.sluice.cli;

import dev.sluice.proto.admin.v1.DirectorReport;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.ListDirectorsReply;
import dev.sluice.proto.cluster.v1.DirectorCounters;
import dev.sluice.proto.cluster.v1.TrafficCount;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The directors for people. Pure. */
final class DirectorsText {
    private static final String NONE = "-";

    private DirectorsText() {}

    static String of(ListDirectorsReply reply) {
        if (reply.getDirectorsCount() == 0) {
            return "no directors\n";
        }
        Table table =
                new Table(
                        "", "DIRECTOR", "STATE", "ACKNOWLEDGED", "DATAPATH", "VERSION", "ADDRESS");
        for (DirectorReport director : reply.getDirectorsList()) {
            DirectorStatus status = director.getStatus();
            table.row(
                    status.getId(),
                    state(status),
                    acknowledged(director),
                    status.getPresent() ? status.getDatapath() : NONE,
                    status.getPresent() ? status.getVersion() : NONE,
                    status.getAddress());
        }
        return table.toString();
    }

    /** With counters. */
    static String wide(ListDirectorsReply reply) {
        StringBuilder text = new StringBuilder(of(reply));
        for (DirectorReport director : reply.getDirectorsList()) {
            text.append('\n').append(director.getStatus().getId()).append('\n');
            text.append(
                    director.hasCounters()
                            ? counters(director.getCounters())
                            : "  no counters: " + why(director) + "\n");
        }
        return text.toString();
    }

    private static String why(DirectorReport director) {
        return director.getStatus().getWithdrawn() ? "withdrawn, not asked" : director.getProblem();
    }

    private static String counters(DirectorCounters counters) {
        Table packets = new Table("  ", "POOL", "VERDICT", "PACKETS");
        counters.getPacketsList()
                .forEach(p ->
                        packets.row(
                                p.getPool().isEmpty() ? NONE : p.getPool(),
                                p.getVerdict(),
                                Long.toUnsignedString(p.getPackets())));
        return packets
                + traffic("BIND", counters.getBindsList())
                + traffic("FIRST HOP", counters.getHopsList());
    }

    private static String traffic(String name, List<TrafficCount> traffic) {
        Table table = new Table("  ", name, "PACKETS", "BYTES");
        traffic.forEach(t ->
                table.row(
                        t.getName(),
                        Long.toUnsignedString(t.getPackets()),
                        Long.toUnsignedString(t.getBytes())));
        return table.toString();
    }

    static String state(DirectorStatus director) {
        if (director.getWithdrawn()) {
            return "withdrawn";
        }
        if (!director.getPresent()) {
            return "no session";
        }
        return director.getAnnouncing() ? "announcing" : "not announcing";
    }

    private static String acknowledged(DirectorReport director) {
        return new TreeMap<>(director.getAcknowledgedMap())
                .entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .collect(Collectors.joining(", "));
    }
}
