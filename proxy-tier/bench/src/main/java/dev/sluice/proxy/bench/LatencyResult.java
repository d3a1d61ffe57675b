package dev.sluice.proxy.bench;

import java.util.Arrays;
import java.util.List;

/**
 * How long answers take at a fixed rate, from when a request was due to its answer's end: one that
 * had to wait for others counts as late, although it was not sent yet.
 *
 * @param rate requests a second
 * @param micros of a half, all but one in a hundred, all but one in a thousand
 */
public record LatencyResult(BenchCase what, Peer peer, int rate, Quantiles micros) {

    /** Unit: microseconds. */
    public record Quantiles(double p50, double p99, double p999) {
        static Quantiles of(List<long[]> nanos) {
            long[] sorted = nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Quantiles(micros(sorted, 0.5), micros(sorted, 0.99), micros(sorted, 0.999));
        }

        private static double micros(long[] sorted, double part) {
            return sorted[(int) Math.ceil(part * sorted.length) - 1] / 1e3;
        }
    }
}
