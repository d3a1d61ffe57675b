package dev.sluice.cluster.hash;

import dev.sluice.cluster.hash.Rendezvous.Contender;

import java.util.Arrays;
import java.util.List;

/**
 * The two best contenders of one row at a time. The draws alone decide between equal weights,
 * exactly as in GLB. Confined to one thread.
 */
final class Podium {
    /** A score is never below {@code u/weight}, but for rounding: far less than this. */
    private static final double MARGIN = 1 + 1e-9;

    private final List<Contender> contenders;
    private final long[][] blocks;
    private final double[] weights;
    private final boolean equalWeights;
    private final RowDraws draws;

    private int first;
    private int second;
    private long firstDraw;
    private long secondDraw;
    private double firstScore;
    private double secondScore;

    Podium(SipHash.Key seed, List<Contender> contenders) {
        this.contenders = contenders;
        this.draws = new RowDraws(seed);
        this.blocks = new long[contenders.size()][];
        this.weights = new double[contenders.size()];
        for (int i = 0; i < weights.length; i++) {
            blocks[i] = RowDraws.blocks(contenders.get(i).address());
            weights[i] = contenders.get(i).weight();
        }
        this.equalWeights = Arrays.stream(weights).distinct().count() <= 1;
    }

    /** Goes to a row, with nobody on it yet. */
    void enterRow(long rowSeed) {
        draws.enter(rowSeed);
        first = Rendezvous.NONE;
        second = Rendezvous.NONE;
    }

    int first() {
        return first;
    }

    int second() {
        return second;
    }

    /** All contend. */
    void enterAll() {
        for (int contender = 0; contender < blocks.length; contender++) {
            enter(contender);
        }
    }

    /**
     * Whether some of the contenders may come before another one: with weights by {@code u ≤
     * -ln(1-u) ≤ u/(1-u)}, which is close where many contend, and spares the logarithms.
     */
    boolean mayPrecede(int[] some, int held) {
        if (some.length == 0) {
            return false;
        }
        long heldDraw = draws.draw(blocks[held]);
        for (int contender : some) {
            long draw = draws.draw(blocks[contender]);
            boolean isBehind =
                    equalWeights
                            ? Long.compareUnsigned(draw, heldDraw) > 0
                            : isBehind(unit(draw), contender, unit(heldDraw), held);
            if (!isBehind) {
                return true;
            }
        }
        return false;
    }

    private boolean isBehind(double u, int contender, double heldU, int held) {
        return u * weights[held] * (1 - heldU) > heldU * weights[contender] * MARGIN;
    }

    private static double unit(long draw) {
        return (draw >>> 11) * 0x1.0p-53;
    }

    void enter(int contender) {
        long draw = draws.draw(blocks[contender]);
        double score = 0;
        if (equalWeights) {
            if (second != Rendezvous.NONE && Long.compareUnsigned(draw, secondDraw) > 0) {
                return;
            }
        } else {
            double u = unit(draw);
            if (second != Rendezvous.NONE && u > secondScore * weights[contender] * MARGIN) {
                return;
            }
            score = -StrictMath.log1p(-u) / weights[contender];
        }
        if (precedes(score, firstScore, draw, firstDraw, contender, first)) {
            second = first;
            secondScore = firstScore;
            secondDraw = firstDraw;
            first = contender;
            firstScore = score;
            firstDraw = draw;
        } else if (precedes(score, secondScore, draw, secondDraw, contender, second)) {
            second = contender;
            secondScore = score;
            secondDraw = draw;
        }
    }

    private boolean precedes(
            double score, double heldScore, long draw, long heldDraw, int contender, int held) {
        if (held == Rendezvous.NONE || score < heldScore) {
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
