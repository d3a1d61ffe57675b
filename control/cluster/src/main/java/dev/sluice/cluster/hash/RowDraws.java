package dev.sluice.cluster.hash;

/**
 * The draws of one row: {@code SipHash(seed, rowSeed ‖ address)}, byte for byte what {@link
 * SipHash} gives. The rounds over the row's seed are the same for all addresses and are done once a
 * row. Confined to one thread.
 *
 * <p>The round stands here again and again, on local variables: a method of it would need its state
 * in memory, and a table of 256 proxies is 16 million draws.
 */
final class RowDraws {
    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    RowDraws(SipHash.Key seed) {
        key0 = seed.k0();
        key1 = seed.k1();
    }

    /** An address as the blocks that SipHash takes after the row's seed, the length included. */
    static long[] blocks(byte[] address) {
        long[] blocks = new long[address.length / 8 + 1];
        for (int at = 0; at < address.length; at++) {
            blocks[at / 8] |= (address[at] & 0xffL) << (8 * (at % 8));
        }
        blocks[blocks.length - 1] |= (long) (8 + address.length) << 56;
        return blocks;
    }

    /** Goes to a row. */
    void enter(long rowSeed) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L ^ rowSeed;
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
        v0 ^= rowSeed;
    }

    /** Unsigned; the lowest comes first. */
    long draw(long[] blocks) {
        return blocks.length == 1 ? draw(blocks[0]) : drawLonger(blocks);
    }

    /** Of IPv4: without a branch, for it is what building a table is about. */
    private long draw(long block) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3 ^ block;
        for (int round = 0; round < 2; round++) {
            a += b;
            c += d;
            b = Long.rotateLeft(b, 13) ^ a;
            d = Long.rotateLeft(d, 16) ^ c;
            a = Long.rotateLeft(a, 32);
            c += b;
            a += d;
            b = Long.rotateLeft(b, 17) ^ c;
            d = Long.rotateLeft(d, 21) ^ a;
            c = Long.rotateLeft(c, 32);
        }
        a ^= block;
        c ^= 0xff;
        for (int round = 0; round < 4; round++) {
            a += b;
            c += d;
            b = Long.rotateLeft(b, 13) ^ a;
            d = Long.rotateLeft(d, 16) ^ c;
            a = Long.rotateLeft(a, 32);
            c += b;
            a += d;
            b = Long.rotateLeft(b, 17) ^ c;
            d = Long.rotateLeft(d, 21) ^ a;
            c = Long.rotateLeft(c, 32);
        }
        return Long.reverseBytes(a ^ b ^ c ^ d);
    }

    private long drawLonger(long[] blocks) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3;
        for (int at = 0; at <= blocks.length; at++) {
            // Two rounds a block, four rounds at the end.
            boolean last = at == blocks.length;
            long m = last ? 0 : blocks[at];
            d ^= m;
            c ^= last ? 0xff : 0;
            for (int round = last ? 0 : 2; round < 4; round++) {
                a += b;
                c += d;
                b = Long.rotateLeft(b, 13) ^ a;
                d = Long.rotateLeft(d, 16) ^ c;
                a = Long.rotateLeft(a, 32);
                c += b;
                a += d;
                b = Long.rotateLeft(b, 17) ^ c;
                d = Long.rotateLeft(d, 21) ^ a;
                c = Long.rotateLeft(c, 32);
            }
            a ^= m;
        }
        return Long.reverseBytes(a ^ b ^ c ^ d);
    }
}
