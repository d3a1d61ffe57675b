package dev.sluice.engine.log;

import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.stream.StreamSummary;

/**
 * What a line is about, and when it ended: milliseconds since 1970. Fields of a request are a view
 * that ends with it: nobody may look at them here.
 */
sealed interface Entry {
    long unixMs();

    record Request(long unixMs, Summary summary) implements Entry {}

    record Stream(long unixMs, StreamSummary summary) implements Entry {}

    /** A request that could not be read. */
    record Refused(long unixMs, Failure why, Peer peer) implements Entry {}
}
