package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;

import java.util.Arrays;

/** Bytes read as headers read them: unsigned, network order. Never changed. */
final class Frame {
    /** No header lies further behind. */
    private static final int MAX_OFFSET = 0x3ff;

    private final byte[] bytes;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes not copied
     */
    static Frame of(byte[] bytes) {
        return new Frame(bytes);
    }

    int length() {
        return bytes.length;
    }

    /** Whether {@code count} bytes from {@code offset} on are there, and are ever looked at. */
    boolean has(int offset, int count) {
        return offset <= MAX_OFFSET && offset + count <= bytes.length;
    }

    int u8(int offset) {
        return Byte.toUnsignedInt(bytes[offset]);
    }

    int u16(int offset) {
        return u8(offset) << 8 | u8(offset + 1);
    }

    int i32(int offset) {
        return u16(offset) << 16 | u16(offset + 2);
    }

    long i64(int offset) {
        return (long) i32(offset) << 32 | Integer.toUnsignedLong(i32(offset + 4));
    }

    Address ipv4(int offset) {
        return Address.of(slice(offset, Wire.IPV4_ADDRESS));
    }

    Address ipv6(int offset) {
        return Address.of(slice(offset, Wire.IPV6_ADDRESS));
    }

    byte[] slice(int offset, int count) {
        return Arrays.copyOfRange(bytes, offset, offset + count);
    }
}
