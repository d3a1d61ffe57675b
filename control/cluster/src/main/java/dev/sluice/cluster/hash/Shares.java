package dev.sluice.cluster.hash;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How many rows each weight is worth. */
final class Shares {
    private Shares() {}

    /** Whole numbers that add up to {@code rows}, each less than one off; earlier ones first. */
    static int[] of(int[] weights, int rows) {
        long total = total(weights);
        int[] shares = new int[weights.length];
        long[] rests = new long[weights.length];
        for (int i = 0; i < weights.length; i++) {
            shares[i] = (int) (weights[i] * (long) rows / total);
            rests[i] = weights[i] * (long) rows % total;
        }
        int left = rows - IntStream.of(shares).sum();
        IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> -rests[i]))
                .limit(left)
                .forEach(i -> shares[i]++);
        return shares;
    }

    static long total(int[] weights) {
        return IntStream.of(weights).asLongStream().sum();
    }
}
