package dev.sluice.engine.proxyprotocol;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;
import dev.sluice.engine.proxyprotocol.HeaderReading.Complete;
import dev.sluice.engine.proxyprotocol.HeaderReading.Malformed;
import dev.sluice.engine.proxyprotocol.HeaderReading.Partial;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Version 2: twelve magic bytes, version and command, family and transport, length, addresses, and
 * type-length-values, of which only the checksum is looked at.
 */
final class BinaryHeader {
    private static final byte[] MAGIC = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int COMMAND_OFFSET = 12;
    private static final int FAMILY_OFFSET = 13;
    private static final int LENGTH_OFFSET = 14;
    private static final int FIXED_BYTES = 16;

    /** Of our own limits: addresses take 36 bytes, values in use a few hundred. */
    private static final int MAX_BYTES = 4096;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int CHECKSUM_TYPE = 0x03;
    private static final int CHECKSUM_BYTES = 4;

    private BinaryHeader() {}

    static HeaderReading read(ByteBuf bytes) {
        int have = bytes.readableBytes();
        int at = bytes.readerIndex();
        int common = Math.min(have, MAGIC.length);
        for (int i = 0; i < common; i++) {
            if (bytes.getByte(at + i) != MAGIC[i]) {
                return new Malformed("no PROXY header");
            }
        }
        if (have < FIXED_BYTES) {
            return new Partial();
        }
        int length = FIXED_BYTES + bytes.getUnsignedShort(at + LENGTH_OFFSET);
        if (length > MAX_BYTES) {
            return new Malformed("the header is longer than " + MAX_BYTES + " bytes");
        }
        return have < length ? new Partial() : whole(bytes.slice(at, length));
    }

    private static HeaderReading whole(ByteBuf header) {
        int addresses =
                switch (header.getUnsignedByte(FAMILY_OFFSET)) {
                    case TCP4 -> 4;
                    case TCP6 -> 16;
                    default -> 0;
                };
        int values = FIXED_BYTES + (addresses == 0 ? 0 : 2 * addresses + 4);
        int length = header.readableBytes();
        return switch (header.getUnsignedByte(COMMAND_OFFSET)) {
            case LOCAL -> new Complete(Optional.empty(), length);
            case PROXY -> {
                if (addresses == 0) {
                    yield header.getUnsignedByte(FAMILY_OFFSET) == UNSPECIFIED
                            ? new Complete(Optional.empty(), length)
                            : new Malformed("the header's family is not TCP over IPv4 or IPv6");
                }
                yield length < values || !areSound(header, values)
                        ? new Malformed("the header is not valid")
                        : ends(header, addresses);
            }
            default -> new Malformed("the header's version or command is not known");
        };
    }

    private static HeaderReading ends(ByteBuf header, int bytes) {
        int ports = FIXED_BYTES + 2 * bytes;
        int source = header.getUnsignedShort(ports);
        int destination = header.getUnsignedShort(ports + 2);
        if (source == 0 || destination == 0) {
            return new Malformed("the header has a port 0");
        }
        return new Complete(
                Optional.of(
                        new Ends(
                                new HostPort(address(header, FIXED_BYTES, bytes), source),
                                new HostPort(
                                        address(header, FIXED_BYTES + bytes, bytes), destination))),
                header.readableBytes());
    }

    /** IPv4 that comes mapped into IPv6 is IPv4 again. */
    private static Address address(ByteBuf header, int at, int bytes) {
        Address address = Address.of(ByteBufUtil.getBytes(header, at, bytes));
        return Address.of(address.inet().getAddress());
    }

    /** Whether the values fill the rest exactly, and the checksum is right if there is one. */
    private static boolean areSound(ByteBuf header, int from) {
        int at = from;
        while (at + 3 <= header.readableBytes()) {
            int value = at + 3;
            int length = header.getUnsignedShort(at + 1);
            if (header.getUnsignedByte(at) == CHECKSUM_TYPE
                    && (length != CHECKSUM_BYTES
                            || value + length > header.readableBytes()
                            || header.getUnsignedInt(value) != checksum(header, value))) {
                return false;
            }
            at = value + length;
        }
        return at == header.readableBytes();
    }

    /** Over the whole header with the checksum itself as zeros. */
    private static long checksum(ByteBuf header, int at) {
        byte[] copy = ByteBufUtil.getBytes(header);
        java.util.Arrays.fill(copy, at, at + CHECKSUM_BYTES, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(copy);
        return crc.getValue();
    }

    static byte[] write(Ends ends) {
        Address source = ends.source().address();
        Address destination = ends.destination().address();
        boolean four = source.isIpv4() && destination.isIpv4();
        int bytes = four ? 4 : 16;
        java.nio.ByteBuffer header = java.nio.ByteBuffer.allocate(FIXED_BYTES + 2 * bytes + 4);
        header.put(MAGIC)
                .put((byte) PROXY)
                .put((byte) (four ? TCP4 : TCP6))
                .putShort((short) (2 * bytes + 4))
                .put(octets(source, bytes))
                .put(octets(destination, bytes))
                .putShort((short) ends.source().port())
                .putShort((short) ends.destination().port());
        return header.array();
    }

    /** IPv4 among IPv6 is mapped (RFC 4291 §2.5.5.2). */
    private static byte[] octets(Address address, int bytes) {
        byte[] own = address.bytes();
        if (own.length == bytes) {
            return own;
        }
        byte[] mapped = new byte[bytes];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(own, 0, mapped, 12, own.length);
        return mapped;
    }
}
