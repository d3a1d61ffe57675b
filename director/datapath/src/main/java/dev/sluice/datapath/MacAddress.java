package dev.sluice.datapath;

import java.util.Arrays;
import java.util.HexFormat;

/** An Ethernet address. */
public final class MacAddress {
    static final int LENGTH = 6;
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    private final byte[] bytes;

    private MacAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param text such as {@code 02:00:5e:10:00:01}
     */
    public static MacAddress parse(String text) {
        byte[] bytes = HEX.parseHex(text);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("'" + text + "' is not a MAC address");
        }
        return new MacAddress(bytes);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MacAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HEX.formatHex(bytes);
    }

    /** As a program loads it: the first byte is the low one. */
    long number() {
        long number = 0;
        byte[] octets = bytes();
        for (int i = LENGTH - 1; i >= 0; i--) {
            number = number << 8 | Byte.toUnsignedInt(octets[i]);
        }
        return number;
    }
}
