package dev.sluice.cluster.hash;

/**
 * SipHash-2-4 with a 16-byte key and an 8-byte result (Aumasson and Bernstein, 2012).
 *
 * <p>The result is the {@code u64} of the paper: its first output byte is the low one. The BPF
 * programs compute the same function; {@code hashing.json} holds the shared vectors.
 */
public final class SipHash {
    private SipHash() {}

    /** The 128-bit key as the two little-endian words of the paper. */
    public record Key(long k0, long k1) {
        public static final int LENGTH = 16;

        /**
         * @param bytes exactly 16
         */
        public static Key of(byte[] bytes) {
            if (bytes.length != LENGTH) {
                throw new IllegalArgumentException(
                        "a SipHash key has 16 bytes, not " + bytes.length);
            }
            return new Key(word(bytes, 0, 8), word(bytes, 8, 8));
        }

        public byte[] bytes() {
            byte[] bytes = new byte[LENGTH];
            for (int i = 0; i < 8; i++) {
                bytes[i] = (byte) (k0 >>> (8 * i));
                bytes[i + 8] = (byte) (k1 >>> (8 * i));
            }
            return bytes;
        }
    }

    /** The hash of a whole message. */
    public static long hash(Key key, byte[] message) {
        return hash(key, message, 0, message.length);
    }

    public static long hash(Key key, byte[] message, int offset, int length) {
        long v0 = key.k0 ^ 0x736f6d6570736575L;
        long v1 = key.k1 ^ 0x646f72616e646f6dL;
        long v2 = key.k0 ^ 0x6c7967656e657261L;
        long v3 = key.k1 ^ 0x7465646279746573L;
        int blocks = length & ~7;
        for (int at = 0; at <= blocks; at += 8) {
            long m =
                    at < blocks
                            ? word(message, offset + at, 8)
                            : word(message, offset + at, length - blocks) | ((long) length << 56);
            v3 ^= m;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        v2 ^= 0xff;
        for (int round = 0; round < 4; round++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(byte[] bytes, int offset, int count) {
        long word = 0;
        for (int i = count - 1; i >= 0; i--) {
            word = (word << 8) | (bytes[offset + i] & 0xffL);
        }
        return word;
    }
}
