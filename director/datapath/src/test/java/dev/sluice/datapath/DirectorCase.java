package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.datapath.TestFrames.Stamp;

import java.util.List;
import java.util.Set;

/** One line of the director's table of cases: what is installed, the frame, and what comes out. */
record DirectorCase(
        String name, ForwardingTable table, byte[] frame, FrameVerdict<DirectorCounter> expected) {
    static final Address DIRECTOR = RedirectCase.DIRECTOR;

    static DirectorCase passed(
            String name, ForwardingTable table, byte[] frame, DirectorCounter counter) {
        return new DirectorCase(
                name, table, frame, new FrameVerdict<>(Action.PASS, frame, Set.of(counter)));
    }

    static DirectorCase dropped(
            String name, ForwardingTable table, byte[] frame, DirectorCounter counter) {
        return new DirectorCase(
                name, table, frame, new FrameVerdict<>(Action.DROP, new byte[0], Set.of(counter)));
    }

    /**
     * @param flow whose row's chain the packet gets
     * @param hint of the outer source port
     * @param padding after the packet, kept at the end
     */
    static DirectorCase forwarded(
            String name,
            ForwardingTable table,
            byte[] packet,
            FlowKey flow,
            int hint,
            byte[] padding) {
        long hash = RowHash.hash(table.spec(), flow);
        int row = RowHash.row(table.spec(), flow);
        int port = 0x8000 | (int) ((hash ^ hint) & 0x7fff);
        List<Address> chain = table.hopsOf(row).stream().map(Proxy::address).toList();
        List<Address> rest = chain.subList(1, chain.size());
        byte[] out =
                table.spec().wire() == PoolSpec.Wire.GLB
                        ? TestFrames.glb(DIRECTOR, port, chain.getFirst(), rest, packet)
                        : TestFrames.sluice(
                                DIRECTOR,
                                port,
                                chain.getFirst(),
                                new Stamp(table.generation(), 0, table.openCount(row), 0),
                                rest,
                                packet);
        return new DirectorCase(
                name,
                table,
                TestFrames.concat(TestFrames.ethernet(packet), padding),
                new FrameVerdict<>(
                        Action.TX,
                        TestFrames.concat(TestFrames.toRouter(out), padding),
                        Set.of(DirectorCounter.FORWARDED)));
    }

    @Override
    public String toString() {
        return name;
    }
}
