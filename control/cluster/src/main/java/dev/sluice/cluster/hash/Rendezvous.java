package dev.sluice.cluster.hash;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Weighted rendezvous hashing of the 65,536 rows over a set of members.
 *
 * <p>Each member draws {@code u = SipHash(seed, rowSeed ‖ address) / 2^64} for a row and the
 * smallest {@code -ln(1-u)/weight} comes first. With equal weights that is the ascending order of
 * the drawn eight bytes, which is GLB's order bit for bit. {@link StrictMath} makes all JVMs agree.
 */
public final class Rendezvous {
    public static final int ROWS = 1 << 16;

    /** For bounds that rounding must not reach. */
    private static final double LESS = 1 - 1e-9;

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
        long[] column = new long[rowSeeds.length];
        for (int row = 0; row < column.length; row++) {
            putLittleEndian(message, rowSeeds[row]);
            column[row] = Long.reverseBytes(SipHash.hash(seed, message));
        }
        return column;
    }

    /** {@code SipHash(seed, row as 4 bytes big-endian)} of every row. */
    public static long[] rowSeeds(SipHash.Key seed) {
        return rowSeeds(seed, ROWS);
    }

    /** Those of the first rows. */
    public static long[] rowSeeds(SipHash.Key seed, int rows) {
        long[] seeds = new long[rows];
        byte[] message = new byte[4];
        for (int row = 0; row < rows; row++) {
            message[2] = (byte) (row >>> 8);
            message[3] = (byte) row;
            seeds[row] = SipHash.hash(seed, message);
        }
        return seeds;
    }

    /**
     * Ranks the contenders of every row.
     *
     * @param columns one per contender, from {@link #column}
     */
    public static FirstTwo firstTwo(List<Contender> contenders, List<long[]> columns) {
        int rows = columns.isEmpty() ? 0 : columns.getFirst().length;
        return firstTwo(contenders, rows, columns::get);
    }

    /**
     * Likewise, with columns that are made when they are needed: with many contenders they are much
     * memory.
     */
    public static FirstTwo firstTwo(
            List<Contender> contenders, int rows, IntFunction<long[]> columns) {
        boolean equalWeights =
                contenders.stream().mapToInt(Contender::weight).distinct().count() <= 1;
        Podium podium = new Podium(contenders, equalWeights, rows);
        for (int contender = 0; contender < contenders.size(); contender++) {
            podium.enter(contender, columns.apply(contender));
        }
        return new FirstTwo(podium.first, podium.second);
    }

    /**
     * The two best so far of every row; contenders enter one whole column at a time. Scores and
     * draws of the holders are kept beside them, so that a column is read once, front to back.
     */
    private static final class Podium {
        private final List<Contender> contenders;
        private final boolean equalWeights;
        private final int[] first;
        private final int[] second;
        private final double[] firstScore;
        private final double[] secondScore;
        private final long[] firstDraw;
        private final long[] secondDraw;

        Podium(List<Contender> contenders, boolean equalWeights, int rows) {
            this.contenders = contenders;
            this.equalWeights = equalWeights;
            first = new int[rows];
            second = new int[rows];
            firstScore = new double[rows];
            secondScore = new double[rows];
            firstDraw = new long[rows];
            secondDraw = new long[rows];
            Arrays.fill(first, NONE);
            Arrays.fill(second, NONE);
        }

        void enter(int contender, long[] draws) {
            int weight = contenders.get(contender).weight();
            for (int row = 0; row < first.length; row++) {
                long draw = draws[row];
                if (!equalWeights && isOutOfReach(row, draw, weight)) {
                    continue;
                }
                // The draws alone decide between equal weights, exactly as in GLB.
                double score = equalWeights ? 0 : score(draw, weight);
                if (precedes(score, firstScore[row], draw, firstDraw[row], contender, first[row])) {
                    second[row] = first[row];
                    secondScore[row] = firstScore[row];
                    secondDraw[row] = firstDraw[row];
                    first[row] = contender;
                    firstScore[row] = score;
                    firstDraw[row] = draw;
                } else if (precedes(
                        score, secondScore[row], draw, secondDraw[row], contender, second[row])) {
                    second[row] = contender;
                    secondScore[row] = score;
                    secondDraw[row] = draw;
                }
            }
        }

        /** The score is at least u/weight, so most contenders of a row need no logarithm. */
        private boolean isOutOfReach(int row, long draw, int weight) {
            return second[row] != NONE && unit(draw) * LESS / weight > secondScore[row];
        }

        private boolean precedes(
                double score, double heldScore, long draw, long heldDraw, int contender, int held) {
            if (held == NONE || score < heldScore) {
                return true;
            }
            if (score > heldScore) {
                return false;
            }
            int byDraw = Long.compareUnsigned(draw, heldDraw);
            return byDraw != 0 ? byDraw < 0 : addressPrecedes(contender, held);
        }

        private boolean addressPrecedes(int contender, int held) {
            return Arrays.compareUnsigned(
                            contenders.get(contender).address(), contenders.get(held).address())
                    < 0;
        }
    }

    /** {@code -ln(1-u)/weight} with u from the top 53 bits of the draw. */
    private static double score(long draw, int weight) {
        return -StrictMath.log1p(-unit(draw)) / weight;
    }

    private static double unit(long draw) {
        return (draw >>> 11) * 0x1.0p-53;
    }

    private static void putLittleEndian(byte[] message, long value) {
        for (int i = 0; i < 8; i++) {
            message[i] = (byte) (value >>> (8 * i));
        }
    }
}
