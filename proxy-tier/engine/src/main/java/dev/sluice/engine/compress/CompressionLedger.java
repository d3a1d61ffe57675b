package dev.sluice.engine.compress;

/** Hears of responses that routes compress; called on their event loops. */
public interface CompressionLedger {

    /** One passed as it was, since too many others of its event loop were being compressed. */
    void onUncompressed();
}
