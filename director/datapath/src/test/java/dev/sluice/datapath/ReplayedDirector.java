package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.simulation.History.ClientPacket;
import dev.sluice.simulation.History.Forwarded;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** The real director program as one director of a history. */
final class ReplayedDirector implements AutoCloseable {
    private final Address self;
    private final LoadedDirector program;
    private @Nullable ForwardingTable installed;

    ReplayedDirector(Address self) {
        this.self = self;
        program = new LoadedDirector(self, Transmit.toSender());
    }

    /** What program and model make of a hop. */
    record Replay(FrameVerdict<DirectorCounter> program, FrameVerdict<DirectorCounter> model) {}

    /**
     * @param table the hop's, of all rows
     */
    Replay replay(Forwarded hop, ForwardingTable table) {
        install(table);
        byte[] frame = TestFrames.ethernet(packet(hop.inner(), hop.inner().acknowledgement()));
        return new Replay(
                program.run(frame),
                new DirectorModel(self, Optional.empty(), List.of(table)).process(frame));
    }

    private void install(ForwardingTable table) {
        ForwardingTable before = installed;
        if (before == table) {
            return;
        }
        if (before != null && before.generation() > table.generation()) {
            program.tables().remove(before.pool());
        }
        program.install(table);
        installed = table;
    }

    static byte[] packet(ClientPacket packet, int acknowledgement) {
        return TestFrames.ipv4(
                6,
                packet.flow().source(),
                packet.flow().destination(),
                TestFrames.tcp(
                        packet.flow().sourcePort(),
                        packet.flow().destinationPort(),
                        packet.flags(),
                        packet.sequence(),
                        acknowledgement));
    }

    /** Before the next history. */
    void forget() {
        ForwardingTable before = installed;
        if (before != null) {
            program.tables().remove(before.pool());
            installed = null;
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
