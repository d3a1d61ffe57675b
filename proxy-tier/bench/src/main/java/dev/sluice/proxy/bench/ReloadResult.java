package dev.sluice.proxy.bench;

/**
 * What new configurations cost a proxy and its clients.
 *
 * @param routes of each configuration
 * @param reloads that were made
 * @param millis from the text to the moment when it is served
 * @param bytes allocated for one
 * @param retainedBytes by which the heap grew over all of them, rubbish left out
 * @param quiet without reloads
 * @param busy with reloads, one after the other
 * @param lost requests that were refused or not answered while there were reloads
 */
public record ReloadResult(
        int routes,
        int reloads,
        Samples millis,
        Samples bytes,
        long retainedBytes,
        Traffic quiet,
        Traffic busy,
        int lost) {
    /**
     * What clients saw.
     *
     * @param requests that were answered
     * @param p50 median time to an answer, in milliseconds
     * @param p99 that one request of a hundred exceeds, in milliseconds
     * @param collections of garbage meanwhile
     * @param collecting milliseconds that they took
     */
    public record Traffic(
            int requests, double p50, double p99, long collections, long collecting) {}
}
