package dev.sluice.cluster.hash;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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

    /** The draws of one address: one unsigned 64-bit value a row. */
    public static long[] column(SipHash.Key seed, long[] rowSeeds, byte[] address) {
        RowDraws draws = new RowDraws(seed);
        long[] blocks = RowDraws.blocks(address);
        long[] column = new long[rowSeeds.length];
        for (int row = 0; row < column.length; row++) {
            draws.enter(rowSeeds[row]);
            column[row] = draws.draw(blocks);
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
     * @param rowSeeds from {@link #rowSeeds}
     */
    public static FirstTwo firstTwo(SipHash.Key seed, long[] rowSeeds, List<Contender> contenders) {
        Podium podium = new Podium(seed, contenders);
        FirstTwo ranked = new FirstTwo(new int[rowSeeds.length], new int[rowSeeds.length]);
        for (int row = 0; row < rowSeeds.length; row++) {
            podium.enterRow(rowSeeds[row]);
            podium.enterAll();
            put(ranked, row, podium);
        }
        return ranked;
    }

    /**
     * The same from the ranking of other contenders: a row is drawn anew only if one of its two
     * best leaves or gets a smaller weight. Costs little where few come and go.
     *
     * @param before the other contenders
     * @param ranked their ranking by the same seeds
     */
    public static FirstTwo firstTwo(
            SipHash.Key seed,
            long[] rowSeeds,
            List<Contender> before,
            FirstTwo ranked,
            List<Contender> contenders) {
        Podium podium = new Podium(seed, contenders);
        Changes changes = Changes.between(before, contenders);
        FirstTwo next = new FirstTwo(new int[rowSeeds.length], new int[rowSeeds.length]);
        for (int row = 0; row < rowSeeds.length; row++) {
            int first = changes.after(ranked.first()[row]);
            int second = changes.after(ranked.second()[row]);
            boolean hold = first != NONE && second != NONE;
            if (!hold || changes.comes().length > 0) {
                podium.enterRow(rowSeeds[row]);
            }
            if (hold && !podium.mayPrecede(changes.comes(), second)) {
                next.first()[row] = first;
                next.second()[row] = second;
                continue;
            }
            if (hold) {
                podium.enter(first);
                podium.enter(second);
                enterOthers(podium, changes.comes(), first, second);
            } else {
                podium.enterAll();
            }
            put(next, row, podium);
        }
        return next;
    }

    private static void enterOthers(Podium podium, int[] contenders, int first, int second) {
        for (int contender : contenders) {
            if (contender != first && contender != second) {
                podium.enter(contender);
            }
        }
    }

    private static void put(FirstTwo ranked, int row, Podium podium) {
        ranked.first()[row] = podium.first();
        ranked.second()[row] = podium.second();
    }

    /**
     * What of a ranking of some contenders holds for others.
     *
     * @param holds index before to index after of who keeps every place or gets a better one;
     *     {@link #NONE} for who leaves or gets a smaller weight
     * @param comes who may get a place that it did not have: is new, or gets a greater weight
     */
    private record Changes(int[] holds, int[] comes) {

        static Changes between(List<Contender> before, List<Contender> after) {
            Map<String, Integer> indexes = new HashMap<>();
            for (int i = 0; i < after.size(); i++) {
                indexes.put(Arrays.toString(after.get(i).address()), i);
            }
            int[] holds = new int[before.size()];
            boolean[] stays = new boolean[after.size()];
            for (int i = 0; i < holds.length; i++) {
                int at = indexes.getOrDefault(Arrays.toString(before.get(i).address()), NONE);
                int gain = at == NONE ? -1 : after.get(at).weight() - before.get(i).weight();
                holds[i] = gain >= 0 ? at : NONE;
                if (at != NONE) {
                    stays[at] = gain <= 0;
                }
            }
            return new Changes(
                    holds, IntStream.range(0, stays.length).filter(i -> !stays[i]).toArray());
        }

        int after(int contender) {
            return contender == NONE ? NONE : holds[contender];
        }
    }
}
