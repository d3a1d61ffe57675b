package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.ArrayList;
import java.util.List;

/** Collects a run's {@link History}, if it is wanted. */
final class Recorder {
    private final int limit;
    private final List<History.Hop> hops = new ArrayList<>();

    /**
     * @param limit no more hops than this are kept; 0 = none are wanted
     */
    Recorder(int limit) {
        this.limit = limit;
    }

    void forwarded(long atNanos, String director, ForwardingTable table, Envelope sent) {
        if (hops.size() < limit) {
            hops.add(
                    new History.Forwarded(
                            atNanos,
                            director,
                            table,
                            packet(sent.segment()),
                            sent.target(),
                            sent.route().stamp(),
                            sent.route().hops()));
        }
    }

    void judged(
            long atNanos,
            String host,
            ForwardingTable table,
            RedirectRule.Host facts,
            Envelope in,
            RedirectRule.Packet packet,
            RedirectRule.Verdict verdict) {
        if (hops.size() < limit) {
            hops.add(
                    new History.Judged(
                            atNanos, host, table, packet(in.segment()), facts, packet, verdict));
        }
    }

    private static History.ClientPacket packet(Segment segment) {
        return new History.ClientPacket(
                segment.key(), segment.flags(), segment.sequence(), segment.acknowledgement());
    }

    List<History.Hop> hops() {
        return List.copyOf(hops);
    }
}
