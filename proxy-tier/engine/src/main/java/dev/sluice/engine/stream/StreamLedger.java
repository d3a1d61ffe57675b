package dev.sluice.engine.stream;

/** Hears of streams; called on their event loops. */
public interface StreamLedger {

    void onStreamBegin();

    /** Of every stream that began, once. */
    void onStreamEnd(StreamSummary stream);
}
