package dev.sluice.lab.upstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An endless stream of bytes that a seed determines (SplitMix64), so that a client can check what
 * it received without having it first. Not thread-safe.
 */
public final class PseudoRandomBytes {
    private static final int CHUNK = 64 * 1024;

    private long state;

    public PseudoRandomBytes(long seed) {
        this.state = seed;
    }

    /** Fills {@code buffer}, whose length is a multiple of 8, with the next bytes. */
    public void next(byte[] buffer) {
        ByteBuffer out = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        while (out.hasRemaining()) {
            out.putLong(nextLong());
        }
    }

    private long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Of the first {@code length} bytes, in hex. */
    public static String sha256(long seed, long length) {
        MessageDigest digest = newSha256();
        PseudoRandomBytes bytes = new PseudoRandomBytes(seed);
        byte[] chunk = new byte[CHUNK];
        for (long left = length; left > 0; left -= chunk.length) {
            bytes.next(chunk);
            digest.update(chunk, 0, (int) Math.min(left, chunk.length));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A digest to compare with {@link #sha256}. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
