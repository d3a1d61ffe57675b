package dev.sluice.cluster.pool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/** An IPv4 or IPv6 address as its 4 or 16 bytes in network order. Never resolves names. */
public final class Address implements Comparable<Address> {
    private final byte[] bytes;

    private Address(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Address of(byte[] bytes) {
        if (bytes.length != 4 && bytes.length != 16) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        }
        return new Address(bytes.clone());
    }

    /** Parses a literal such as {@code 198.18.0.1} or {@code 2001:db8::1}. */
    public static Address parse(String text) {
        try {
            return new Address(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an IPv4 or IPv6 address literal", e);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int bits() {
        return bytes.length * 8;
    }

    /** Whether the first bits of this address are those of another one of the same family. */
    public boolean hasPrefix(Address prefix, int prefixBits) {
        int whole = prefixBits / 8;
        int restMask = 0xff00 >>> prefixBits % 8 & 0xff;
        return Arrays.equals(bytes, 0, whole, prefix.bytes, 0, whole)
                && (restMask == 0 || ((bytes[whole] ^ prefix.bytes[whole]) & restMask) == 0);
    }

    public boolean isIpv4() {
        return bytes.length == 4;
    }

    public InetAddress inet() {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(HexFormat.of().formatHex(bytes), e);
        }
    }

    @Override
    public int compareTo(Address other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return inet().getHostAddress();
    }
}
