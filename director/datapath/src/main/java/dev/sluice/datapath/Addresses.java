package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.cluster.pool.Address;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Network byte order in kernel memory. An address has sixteen bytes; of an IPv4 address the first
 * four are used, and what it is stands beside it.
 */
final class Addresses {
    static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    static final int LENGTH = 16;
    private static final byte IPV4 = 4;
    private static final byte IPV6 = 6;

    private Addresses() {}

    static byte version(Address address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }

    static void put(MemorySegment memory, long offset, Address address) {
        byte[] bytes = address.bytes();
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, offset, bytes.length);
    }

    /**
     * @param version 4 or 6
     */
    static Address get(MemorySegment memory, long offset, int version) {
        int length = version == IPV4 ? 4 : LENGTH;
        return Address.of(memory.asSlice(offset, length).toArray(JAVA_BYTE));
    }

    static int port(MemorySegment memory, long offset) {
        return Short.toUnsignedInt(memory.get(PORT, offset));
    }

    /** Four words as a program loads them. */
    static int[] words(Address address) {
        MemorySegment memory = MemorySegment.ofArray(new int[4]);
        put(memory, 0, address);
        return memory.toArray(JAVA_INT);
    }

    /** Of an IPv4 address's two 16-bit words as a program loads them. */
    static int sum(Address address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.bytes()).order(ByteOrder.nativeOrder());
        return Short.toUnsignedInt(bytes.getShort(0)) + Short.toUnsignedInt(bytes.getShort(2));
    }
}
