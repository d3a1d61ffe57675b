package dev.sluice.engine.http;

import io.netty.util.AsciiString;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The name of a field, in lower case. Those of {@link Names} are known: a head remembers which of
 * them it has while it is parsed, so that asking for one that is not there costs nothing.
 */
public final class Name {
    private final String text;
    private final AsciiString octets;
    private final int hash;
    private final long bit;

    Name(String lower, long bit) {
        text = lower;
        octets = AsciiString.cached(lower);
        hash = hashOf(lower.getBytes(StandardCharsets.ISO_8859_1));
        this.bit = bit;
    }

    /** Any name; upper case is made lower. */
    public static Name of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        byte[] octets = lower.getBytes(StandardCharsets.ISO_8859_1);
        Name known = Names.find(octets, 0, octets.length, hashOf(octets));
        return known != null ? known : new Name(lower, 0);
    }

    /** Goes on with the hash of a name, which begins at 0, by an octet of it. */
    public static int hash(int before, byte octet) {
        return before * 31 + (octet | 0x20);
    }

    private static int hashOf(byte[] octets) {
        int hash = 0;
        for (byte octet : octets) {
            hash = hash(hash, octet);
        }
        return hash;
    }

    /** Whether it stands there, in whatever case. */
    public boolean isAt(byte[] octets, int from, int length) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(octets[from + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet & 0xff;
    }

    /** A bit of its own if it is known; otherwise 0. */
    public long bit() {
        return bit;
    }

    public String text() {
        return text;
    }

    public AsciiString octets() {
        return octets;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (bit == 0 && other instanceof Name name && text.equals(name.text));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return text;
    }
}
