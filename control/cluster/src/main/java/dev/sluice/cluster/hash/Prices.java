package dev.sluice.cluster.hash;

/**
 * Prices with which everybody has about its share. A contender with too many rows becomes dearer:
 * with scores that are exponential with rate {@code weight}, a price of d leaves {@code e^(-d·total
 * weight)} of its rows, which gives the step.
 */
final class Prices {
    private static final int ROUNDS = 24;

    private final Nearest nearest;
    private final int[] shares;
    private final double total;
    private final double[] prices;

    Prices(Nearest nearest, int[] weights, int[] shares) {
        this.nearest = nearest;
        this.shares = shares;
        this.total = Shares.total(weights);
        this.prices = new double[shares.length];
    }

    /** The best of a fixed number of rounds: what is left to do is done exactly afterwards. */
    double[] settle() {
        double[] best = prices.clone();
        int[] counts = counts();
        int fewest = misplaced(counts);
        for (int round = 0; round < ROUNDS && fewest > 0; round++) {
            for (int i = 0; i < prices.length; i++) {
                prices[i] += StrictMath.log((counts[i] + 0.5) / (shares[i] + 0.5)) / total;
            }
            counts = counts();
            int left = misplaced(counts);
            if (left < fewest) {
                fewest = left;
                System.arraycopy(prices, 0, best, 0, best.length);
            }
        }
        return best;
    }

    private int[] counts() {
        int[] counts = new int[prices.length];
        for (int row = 0; row < nearest.rows(); row++) {
            counts[nearest.best(row, prices, Rendezvous.NONE)]++;
        }
        return counts;
    }

    private int misplaced(int[] counts) {
        int misplaced = 0;
        for (int i = 0; i < counts.length; i++) {
            misplaced += Math.max(0, counts[i] - shares[i]);
        }
        return misplaced;
    }
}
