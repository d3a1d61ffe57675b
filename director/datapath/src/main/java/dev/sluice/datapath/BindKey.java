package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code struct bind} of table.h.
 *
 * @param port 0 for ICMP
 */
record BindKey(Address vip, int port, int protocol) {
    private static final int ICMP = 1;
    private static final long VIP = 0;
    private static final long PORT = 4;
    private static final long PROTOCOL = 6;
    private static final int LENGTH = 8;

    /**
     * @throws IllegalArgumentException if the datapath cannot match this kind of bind
     */
    static BindKey of(Bind bind) {
        if (!bind.isExact()) {
            throw new IllegalArgumentException(
                    "bind "
                            + bind
                            + " is not one address and one port: this version of the datapath"
                            + " matches no blocks and ranges");
        }
        Ipv4.require(bind.address(), "the VIP of bind " + bind);
        return new BindKey(bind.address(), bind.firstPort(), bind.protocol().number());
    }

    /** Echo requests to a VIP go the way of one of its pools. */
    BindKey icmp() {
        return new BindKey(vip, 0, ICMP);
    }

    boolean isIcmp() {
        return protocol == ICMP;
    }

    static BindKey read(MemorySegment memory) {
        return new BindKey(
                Ipv4.get(memory, VIP), Ipv4.port(memory, PORT), memory.get(JAVA_BYTE, PROTOCOL));
    }

    MemorySegment write(Arena arena) {
        MemorySegment memory = arena.allocate(LENGTH, 8);
        Ipv4.put(memory, VIP, vip);
        memory.set(Ipv4.PORT, PORT, (short) port);
        memory.set(JAVA_BYTE, PROTOCOL, (byte) protocol);
        return memory;
    }
}
