package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.List;

/**
 * Every hop of every client packet of one run, in the order of virtual time: what a real datapath
 * must do too. Made by {@link Simulation#history}.
 *
 * <p>Each hop carries all that its decision depends on. Tables have few rows; {@link
 * ForwardingTable#tiled} gives the one of 65,536 rows in which the same packets find the same
 * chains. Tables are shared between hops: one that is the same object need not be installed again.
 *
 * @param seed of the run
 */
public record History(long seed, List<Hop> hops) {
    public History {
        hops = List.copyOf(hops);
    }

    /** One program's decision about one packet. */
    public sealed interface Hop {
        long atNanos();

        /** The host whose program decides. */
        String node();

        /** What is installed there, demotions included. */
        ForwardingTable table();

        /** What is inside. */
        ClientPacket inner();
    }

    /**
     * A TCP packet of a client, without options or data.
     *
     * @param flags the octet of the TCP header
     */
    public record ClientPacket(FlowKey flow, int flags, int sequence, int acknowledgement) {}

    /**
     * A director encapsulates.
     *
     * @param target first hop: where the packet is sent
     * @param stamp generation in the private data
     * @param hops the list in the private data: the chain without its first hop
     */
    public record Forwarded(
            long atNanos,
            String node,
            ForwardingTable table,
            ClientPacket inner,
            Address target,
            long stamp,
            List<Address> hops)
            implements Hop {
        public Forwarded {
            hops = List.copyOf(hops);
        }
    }

    /**
     * A proxy host's redirect decides.
     *
     * @param host what the host knows: address, installed generation, the row's chain, whether the
     *     table is confirmed, and the kernel's socket for the flow
     * @param packet the encapsulation: stamp, rescues, position and hops
     * @param verdict what is done
     */
    public record Judged(
            long atNanos,
            String node,
            ForwardingTable table,
            ClientPacket inner,
            RedirectRule.Host host,
            RedirectRule.Packet packet,
            RedirectRule.Verdict verdict)
            implements Hop {}
}
