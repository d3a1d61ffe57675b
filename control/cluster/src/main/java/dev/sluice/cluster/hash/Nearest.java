package dev.sluice.cluster.hash;

import java.util.Arrays;

/** The contenders with the lowest scores of every row, in ascending order. */
final class Nearest {
    /** Of a row; the prices of {@link EvenRendezvous} never make a later one win. */
    static final int KEPT = 12;

    private static final double UNIT = 0x1.0p-53;

    private final int[] weights;
    private final boolean equalWeights;
    private final int rows;
    private final int kept;
    private final short[] contenders;
    private final double[] scores;
    private int entered;

    Nearest(int[] weights, int rows) {
        this.weights = weights;
        this.equalWeights = Arrays.stream(weights).distinct().count() <= 1;
        this.rows = rows;
        this.kept = Math.min(KEPT, weights.length);
        this.contenders = new short[rows * kept];
        this.scores = new double[rows * kept];
        Arrays.fill(scores, Double.POSITIVE_INFINITY);
    }

    /** One whole column at a time, each once. */
    void enter(int contender, long[] draws) {
        double weight = weights[contender];
        entered++;
        for (int row = 0; row < rows; row++) {
            int last = row * kept + kept - 1;
            double u = (draws[row] >>> 11) * UNIT;
            // The score is at least u/weight, so most contenders need no logarithm.
            if (equalWeights) {
                if (u < scores[last]) {
                    insert(row, contender, u);
                }
            } else if (u / weight < scores[last]) {
                double score = -StrictMath.log1p(-u) / weight;
                if (score < scores[last]) {
                    insert(row, contender, score);
                }
            }
        }
    }

    private void insert(int row, int contender, double score) {
        int from = row * kept;
        int at = from + kept - 1;
        while (at > from && score < scores[at - 1]) {
            scores[at] = scores[at - 1];
            contenders[at] = contenders[at - 1];
            at--;
        }
        scores[at] = score;
        contenders[at] = (short) contender;
    }

    /** After the last column. Draws order equal weights as scores do, and cost no logarithm. */
    void finish() {
        if (entered != weights.length) {
            throw new IllegalStateException(entered + " of " + weights.length + " columns");
        }
        if (equalWeights) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] = -StrictMath.log1p(-scores[i]) / weights[0];
            }
        }
    }

    int rows() {
        return rows;
    }

    int size() {
        return weights.length;
    }

    /** How many a row has. */
    int kept() {
        return kept;
    }

    int contender(int row, int at) {
        return contenders[row * kept + at];
    }

    double score(int row, int at) {
        return scores[row * kept + at];
    }

    /** The contender with the lowest sum of score and price, but for one; NONE without another. */
    int best(int row, double[] prices, int except) {
        int best = Rendezvous.NONE;
        double lowest = Double.POSITIVE_INFINITY;
        for (int at = row * kept; at < (row + 1) * kept; at++) {
            int contender = contenders[at];
            double sum = scores[at] + prices[contender];
            if (sum < lowest && contender != except) {
                lowest = sum;
                best = contender;
            }
        }
        return best;
    }
}
