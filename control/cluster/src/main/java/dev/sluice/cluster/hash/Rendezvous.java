package dev.sluice.cluster.hash;

import java.util.Arrays;
import java.util.List;

/**
 * Weighted rendezvous hashing of the 65,536 rows over a set of members.
 *
 * <p>Each member draws {@code u = SipHash(seed, rowSeed ‖ address) / 2^64} for a row and the
 * smallest {@code -ln(1-u)/weight} comes first. With equal weights that is the ascending order of
 * the drawn eight bytes, which is GLB's order bit for bit. {@link StrictMath} makes all JVMs agree.
 */
public final class Rendezvous {
    public static final int ROWS = 1 << 16;

    /** No second member exists. */
    public static final int NONE = -1;

    private Rendezvous() {}

    /**
     * One contender.
     *
     * @param address underlay address, 4 or 16 bytes
     * @param weight above 0
     */
    public record Contender(byte[] address, int weight) {}

    /** The two best contenders of every row, as indexes into the list given; {@link #NONE}. */
    public record FirstTwo(int[] first, int[] second) {}

    /** The draws of one address: one unsigned 64-bit value a row. Cached by whoever can. */
    public static long[] column(SipHash.Key seed, long[] rowSeeds, byte[] address) {
        byte[] message = new byte[8 + address.length];
        System.arraycopy(address, 0, message, 8, address.length);
        long[] column = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            putLittleEndian(message, rowSeeds[row]);
            column[row] = Long.reverseBytes(SipHash.hash(seed, message));
        }
        return column;
    }

    /** {@code SipHash(seed, row as 4 bytes big-endian)} of every row. */
    public static long[] rowSeeds(SipHash.Key seed) {
        long[] seeds = new long[ROWS];
        byte[] message = new byte[4];
        for (int row = 0; row < ROWS; row++) {
            message[2] = (byte) (row >>> 8);
            message[3] = (byte) row;
            seeds[row] = SipHash.hash(seed, message);
        }
        return seeds;
    }

    /**
     * @param columns one per contender, from {@link #column}
     */
    public static FirstTwo firstTwo(List<Contender> contenders, List<long[]> columns) {
        int[] first = new int[ROWS];
        int[] second = new int[ROWS];
        Arrays.fill(first, NONE);
        Arrays.fill(second, NONE);
        boolean equal = contenders.stream().mapToInt(Contender::weight).distinct().count() <= 1;
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < contenders.size(); i++) {
                if (first[row] == NONE
                        || precedes(contenders, columns, equal, row, i, first[row])) {
                    second[row] = first[row];
                    first[row] = i;
                } else if (second[row] == NONE
                        || precedes(contenders, columns, equal, row, i, second[row])) {
                    second[row] = i;
                }
            }
        }
        return new FirstTwo(first, second);
    }

    private static boolean precedes(
            List<Contender> contenders,
            List<long[]> columns,
            boolean equalWeights,
            int row,
            int a,
            int b) {
        long drawA = columns.get(a)[row];
        long drawB = columns.get(b)[row];
        if (!equalWeights) {
            int byScore =
                    Double.compare(
                            score(drawA, contenders.get(a).weight()),
                            score(drawB, contenders.get(b).weight()));
            if (byScore != 0) {
                return byScore < 0;
            }
        }
        int byDraw = Long.compareUnsigned(drawA, drawB);
        return byDraw != 0
                ? byDraw < 0
                : Arrays.compareUnsigned(
                                contenders.get(a).address(), contenders.get(b).address())
                        < 0;
    }

    /** {@code -ln(1-u)/weight} with u from the top 53 bits of the draw. */
    private static double score(long draw, int weight) {
        double u = (draw >>> 11) * 0x1.0p-53;
        return -StrictMath.log1p(-u) / weight;
    }

    private static void putLittleEndian(byte[] message, long value) {
        for (int i = 0; i < 8; i++) {
            message[i] = (byte) (value >>> (8 * i));
        }
    }
}
