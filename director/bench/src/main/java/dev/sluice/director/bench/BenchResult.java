package dev.sluice.director.bench;

/**
 * One case, measured. Nanoseconds of one core for one packet, transmission included.
 *
 * @param bare of a program that swaps MAC addresses and transmits
 * @param limit of one that also adds constant headers of the director's length
 * @param lookup of one that also hashes the flow and reads a row of one of as many tables as the
 *     director has, of their size
 * @param ratio of the director to the limit, taken within each round
 * @param lookupRatio of the director to the look-up, likewise
 */
public record BenchResult(
        BenchCase measured,
        Samples bare,
        Samples limit,
        Samples lookup,
        Samples director,
        Samples ratio,
        Samples lookupRatio) {

    /** Packets a second of one core. */
    public double packetsPerSecond() {
        return 1e9 / director.median();
    }
}
