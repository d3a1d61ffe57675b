package dev.sluice.proxy.bench;

import java.util.Arrays;

/**
 * What repeated measurements say.
 *
 * @param low a quarter are smaller
 * @param high a quarter are greater
 */
public record Samples(double median, double low, double high) {

    static Samples of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75));
    }

    /** Of what was measured side by side. */
    static Samples ratio(double[] values, double[] peers) {
        double[] ratios = new double[values.length];
        Arrays.setAll(ratios, i -> values[i] / peers[i]);
        return of(ratios);
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }
}
