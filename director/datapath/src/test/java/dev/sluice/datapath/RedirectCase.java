package dev.sluice.datapath;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.datapath.TestFrames.Stamp;

import java.util.List;
import java.util.Set;

/** One line of the redirect's table of cases: what the host has, the frame, and what comes out. */
record RedirectCase(
        String name,
        ForwardingTable table,
        Address self,
        boolean confirmed,
        Local local,
        byte[] frame,
        FrameVerdict<RedirectCounter> expected) {

    static final Address DIRECTOR = Address.parse("198.18.1.1");
    static final FlowKey FLOW =
            new FlowKey(
                    Protocol.TCP,
                    Address.parse("198.19.0.7"),
                    40_000,
                    TestPools.VIP,
                    TestPools.PORT);

    /** What sockets the host has for the flow. */
    enum Local {
        NONE,
        LISTENER,
        ESTABLISHED
    }

    /** Of the flow, with a fixed sequence number. */
    static byte[] tcp(int flags) {
        return tcp(flags, 0x01020304);
    }

    static byte[] tcp(int flags, int acknowledgement) {
        return TestFrames.ipv4(
                6,
                FLOW.source(),
                FLOW.destination(),
                TestFrames.tcp(
                        FLOW.sourcePort(), FLOW.destinationPort(), flags, 77, acknowledgement));
    }

    static List<Address> chain(ForwardingTable table) {
        return table.hopsOf(RowHash.row(table.spec(), FLOW)).stream().map(Proxy::address).toList();
    }

    static Builder of(String name, ForwardingTable table) {
        return new Builder(name, table);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * Starts as a packet that the first hop of the chain gets, nobody knows, and all is current.
     */
    static final class Builder {
        private final String name;
        private final ForwardingTable table;
        private Address self;
        private boolean confirmed = true;
        private Local local = Local.NONE;
        private Stamp stamp;
        private List<Address> rest;
        private byte[] inner = tcp(TestFrames.ACK);

        private Builder(String name, ForwardingTable table) {
            this.name = name;
            this.table = table;
            this.self = chain(table).getFirst();
            this.rest = chain(table).subList(1, chain(table).size());
            this.stamp = Stamp.of(table.generation());
        }

        Builder self(Address address) {
            self = address;
            return this;
        }

        Builder unconfirmed() {
            confirmed = false;
            return this;
        }

        Builder local(Local sockets) {
            local = sockets;
            return this;
        }

        Builder stamp(Stamp value) {
            stamp = value;
            return this;
        }

        Builder rest(Address... hops) {
            rest = List.of(hops);
            return this;
        }

        /** The last one of the list has it. */
        Builder atTheEnd() {
            stamp = stamp.at(rest.size());
            return this;
        }

        Builder inner(byte[] packet) {
            inner = packet;
            return this;
        }

        RedirectCase kept(RedirectCounter... counters) {
            return build(
                    new FrameVerdict<>(Action.PASS, TestFrames.ethernet(inner), Set.of(counters)));
        }

        RedirectCase dropped(RedirectCounter counter) {
            return build(new FrameVerdict<>(Action.DROP, new byte[0], Set.of(counter)));
        }

        RedirectCase sentOn() {
            Address hop = rest.get(stamp.next());
            byte[] out = TestFrames.sluice(self, hop, stamp.at(stamp.next() + 1), rest, inner);
            return sent(out, RedirectCounter.NEXT_HOP);
        }

        RedirectCase rescued(Stamp newStamp, Address... newChain) {
            List<Address> newRest = List.of(newChain).subList(1, newChain.length);
            byte[] out = TestFrames.sluice(self, newChain[0], newStamp, newRest, inner);
            return sent(out, RedirectCounter.RESCUED);
        }

        private RedirectCase sent(byte[] frame, RedirectCounter counter) {
            return build(
                    new FrameVerdict<>(Action.TX, TestFrames.toRouter(frame), Set.of(counter)));
        }

        private RedirectCase build(FrameVerdict<RedirectCounter> expected) {
            byte[] frame = TestFrames.sluice(DIRECTOR, self, stamp, rest, inner);
            return new RedirectCase(name, table, self, confirmed, local, frame, expected);
        }
    }
}
