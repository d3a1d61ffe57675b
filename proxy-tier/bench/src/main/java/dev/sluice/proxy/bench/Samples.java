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
        return new Samples(quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75));
    }

    /** Of what was measured side by side. */
    static Samples ratio(double[] values, double[] peers) {
        double[] ratios = new double[values.length];
        Arrays.setAll(ratios, i -> values[i] / peers[i]);
        return of(ratios);
    }

    /** What the part of the values does not exceed; they are in any order. */
    static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }
}
