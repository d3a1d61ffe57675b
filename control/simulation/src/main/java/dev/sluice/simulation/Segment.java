package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.FlowKey;

/**
 * A client's TCP packet. Sequence numbers count requests, not bytes.
 *
 * @param connection whose it is: for the invariants, no host looks at it
 * @param request number of the request that it carries; -1 = none
 */
record Segment(Connection connection, int flags, int sequence, int acknowledgement, int request) {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;

    FlowKey key() {
        return connection.key();
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** As the redirect sees it inside an encapsulation. */
    RedirectRule.Packet in(Wire wire, Envelope.Route route) {
        return new RedirectRule.Packet(
                RedirectRule.Kind.TCP,
                flags,
                acknowledgement,
                wire,
                route.stamp(),
                route.rescues(),
                route.next(),
                route.hops());
    }

    @Override
    public String toString() {
        String kind =
                has(SYN) ? "SYN" : has(RST) ? "RST" : has(FIN) ? "FIN" : request < 0 ? "ACK" : "";
        return connection + " " + (kind.isEmpty() ? "request " + request : kind);
    }
}
