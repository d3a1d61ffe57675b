package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Network byte order in kernel memory, for what this layout version has room for. */
final class Ipv4 {
    static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LENGTH = 4;

    private Ipv4() {}

    static Address require(Address address, String what) {
        if (!address.isIpv4()) {
            throw new IllegalArgumentException(
                    what + " has to be IPv4 in this version, and " + address + " is not");
        }
        return address;
    }

    static void put(MemorySegment memory, long offset, Address address) {
        MemorySegment.copy(address.bytes(), 0, memory, ValueLayout.JAVA_BYTE, offset, LENGTH);
    }

    static Address get(MemorySegment memory, long offset) {
        return Address.of(memory.asSlice(offset, LENGTH).toArray(ValueLayout.JAVA_BYTE));
    }

    static int port(MemorySegment memory, long offset) {
        return Short.toUnsignedInt(memory.get(PORT, offset));
    }
}
