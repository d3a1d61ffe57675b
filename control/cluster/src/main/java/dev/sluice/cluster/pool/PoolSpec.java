package dev.sluice.cluster.pool;

import dev.sluice.cluster.hash.SipHash;

import java.util.List;
import java.util.Set;

/**
 * What of a pool its operator chose.
 *
 * @param hashKey hashes packets to rows
 * @param seed orders the proxies of a row
 */
public record PoolSpec(
        Wire wire,
        SipHash.Key hashKey,
        SipHash.Key seed,
        Set<HashField> hashFields,
        List<Bind> binds) {

    public PoolSpec {
        hashFields = Set.copyOf(hashFields);
        binds = List.copyOf(binds);
    }

    /** The wire format of encapsulated packets. */
    public enum Wire {
        /** GLB's layout with generation and number of open hops in the private data. */
        SLUICE,
        /** GLB's bytes exactly: no stamps, so no fence and no rescue. */
        GLB
    }

    /** In the order in which the enabled ones are hashed. */
    public enum HashField {
        SOURCE_ADDRESS,
        DESTINATION_ADDRESS,
        SOURCE_PORT,
        DESTINATION_PORT
    }
}
