package dev.sluice.proxy.bench;

/**
 * What idle connections cost a proxy: each was used once.
 *
 * @param beforeBytes resident without them
 * @param bytes resident with them
 */
public record IdleResult(Peer peer, int connections, long beforeBytes, long bytes) {

    /** What one more connection takes. */
    public long bytesEach() {
        return (bytes - beforeBytes) / connections;
    }
}
