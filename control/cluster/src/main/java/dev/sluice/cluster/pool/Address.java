package dev.sluice.cluster.pool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An IPv4 or IPv6 address as its 4 or 16 bytes in network order. Never resolves names. */
public final class Address implements Comparable<Address> {
    /** Of 16 bits, in an IPv6 address. */
    private static final int GROUPS = 8;

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

    /** IPv6 as RFC 5952 has it: lower case, the first of the longest runs of zeros left out. */
    @Override
    public String toString() {
        return isIpv4() ? inet().getHostAddress() : ipv6Text();
    }

    private String ipv6Text() {
        if (isMapped()) {
            return "::ffff:" + of(Arrays.copyOfRange(bytes, 12, 16));
        }
        int from = 0;
        int length = 1; // a single zero is written out
        for (int at = 0; at < GROUPS; at++) {
            int zeros = zeroGroups(at);
            if (zeros > length) {
                from = at;
                length = zeros;
            }
        }
        return length == 1
                ? groups(0, GROUPS)
                : groups(0, from) + "::" + groups(from + length, GROUPS);
    }

    /** RFC 4291 §2.5.5.2. */
    private boolean isMapped() {
        return zeroGroups(0) == 5 && group(5) == 0xffff;
    }

    private int group(int at) {
        return (bytes[2 * at] & 0xff) << 8 | (bytes[2 * at + 1] & 0xff);
    }

    private int zeroGroups(int from) {
        int at = from;
        while (at < GROUPS && group(at) == 0) {
            at++;
        }
        return at - from;
    }

    private String groups(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(at -> Integer.toHexString(group(at)))
                .collect(Collectors.joining(":"));
    }
}
