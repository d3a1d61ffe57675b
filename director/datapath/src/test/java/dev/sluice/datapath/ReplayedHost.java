package dev.sluice.datapath;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.ReplayedSockets.Made;
import dev.sluice.datapath.TestFrames.Stamp;
import dev.sluice.simulation.History.Judged;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** The real redirect program as one proxy host of a history, in a namespace of its own. */
final class ReplayedHost implements AutoCloseable {
    static final Address DIRECTOR = Address.parse("198.18.10.1");

    private final TestNamespace namespace;
    private final Address self;
    private final LoadedRedirect program;
    private final ReplayedSockets sockets = new ReplayedSockets();
    private @Nullable ForwardingTable installed;
    private int slot;

    ReplayedHost(String name, Address self) {
        this.self = self;
        namespace = TestNamespace.create(name);
        namespace.ip("address", "add", "203.0.113.10/32", "dev", "lo");
        namespace.ip("route", "add", "local", "198.18.9.0/24", "dev", "lo");
        program = namespace.call(() -> new LoadedRedirect(self, Transmit.toSender()));
    }

    /** What program and model make of a hop; the same bytes went into both. */
    record Replay(FrameVerdict<RedirectCounter> program, FrameVerdict<RedirectCounter> model) {}

    /**
     * @param table the hop's, of all rows
     */
    Replay replay(Judged hop, ForwardingTable table) {
        return namespace.call(() -> {
            install(table);
            boolean confirmed = hop.host().confirmed();
            program.leases().put(slot, confirmed ? Long.MAX_VALUE : RedirectDatapath.UNCONFIRMED);
            try (Made made = sockets.make(hop.inner(), hop.host().socket())) {
                byte[] frame = frame(hop, made.acknowledgement());
                return new Replay(program.run(frame), model(hop, table, made, frame));
            }
        });
    }

    private void install(ForwardingTable table) {
        ForwardingTable before = installed;
        if (before == table) {
            return;
        }
        // A host that lost its power has lost its kernel's tables too.
        if (before != null && before.generation() > table.generation()) {
            program.remove(before.pool());
        }
        slot = program.install(table, false);
        installed = table;
    }

    private byte[] frame(Judged hop, int acknowledgement) {
        RedirectRule.Packet outer = hop.packet();
        return TestFrames.sluice(
                DIRECTOR,
                self,
                new Stamp(outer.stamp(), outer.next(), hop.host().open(), outer.rescues()),
                outer.hops(),
                ReplayedDirector.packet(hop.inner(), acknowledgement));
    }

    /** Of the same bytes; its sockets are those that the history tells of. */
    private FrameVerdict<RedirectCounter> model(
            Judged hop, ForwardingTable table, Made made, byte[] frame) {
        int shift = made.acknowledgement() - hop.inner().acknowledgement();
        RedirectRule.Socket told = hop.host().socket();
        RedirectRule.Socket socket =
                told instanceof RedirectRule.Socket.Request(int isn)
                        ? new RedirectRule.Socket.Request(isn + shift)
                        : told;
        boolean confirmed = hop.host().confirmed();
        return new RedirectModel(
                        self, Optional.empty(), List.of(table), f -> socket, p -> confirmed)
                .process(frame);
    }

    /** Before the next history. */
    void forget() {
        namespace.call(() -> {
            sockets.close();
            ForwardingTable before = installed;
            if (before != null) {
                program.remove(before.pool());
                installed = null;
            }
            return true;
        });
    }

    @Override
    public void close() {
        forget();
        namespace.run(program::close);
        namespace.close();
    }
}
