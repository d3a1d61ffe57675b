package dev.sluice.engine.exchange;

import dev.sluice.engine.compress.CompressionLedger;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.trace.Spans;

import org.jspecify.annotations.Nullable;

/** Hears of requests; called on their event loops. */
public interface Ledger extends CompressionLedger {

    void onBegin();

    /** Begins the spans of a request; null if nobody is told of it. */
    @Nullable Spans trace(RequestHead head, Peer peer);

    /** Of every request that began, once. */
    void onEnd(Exchange exchange);

    /** A tunnel is a request that is not in flight but open for as long as it likes. */
    void onTunnel();

    /**
     * A request was to be asked again.
     *
     * @param why the first attempt came to nothing
     * @param allowed by the budget of its group
     */
    void onRetry(Failure why, boolean allowed);

    /** Once for each second attempt that was made beside a first one, or was to be. */
    void onHedge(HedgeResult result);

    /** Of a request that was refused before it began. */
    void onRefused(Failure why, Peer peer);
}
