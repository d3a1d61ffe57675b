package dev.sluice.cluster.glb;

import dev.sluice.cluster.hash.SipHash;

import java.util.List;

/**
 * One forwarding table of GLB's JSON format.
 *
 * @param name may be empty
 * @param hashKey hashes packets to rows
 * @param seed orders the backends of a row
 * @param binds at most {@link #MAX_BINDS}
 * @param backends at most {@link #MAX_BACKENDS}, of which one at least is not inactive
 */
public record GlbTable(
        String name,
        SipHash.Key hashKey,
        SipHash.Key seed,
        List<GlbBind> binds,
        List<GlbBackend> backends) {
    public static final int MAX_BACKENDS = 256;
    public static final int MAX_BINDS = 256;

    public GlbTable {
        binds = List.copyOf(binds);
        backends = List.copyOf(backends);
    }
}
