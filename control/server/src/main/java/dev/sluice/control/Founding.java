package dev.sluice.control;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The first state of a pool: generation 1, one live epoch, every proxy in it. */
final class Founding {
    private static final long FIRST_GENERATION = 1;
    private static final long FIRST_EPOCH = 1;

    private Founding() {}

    /**
     * @param randomKey called for each key that the file does not give
     */
    static PoolState found(PoolConfig pool, Supplier<SipHash.Key> randomKey, long nowUnixMs) {
        PoolSpec spec =
                new PoolSpec(
                        pool.wire(),
                        pool.hashKey().orElseGet(randomKey),
                        pool.seed().orElseGet(randomKey),
                        pool.hashFields(),
                        pool.binds());
        List<Epoch.Member> members =
                pool.proxies().stream().map(p -> new Epoch.Member(p.id(), p.weight())).toList();
        Epoch first = new Epoch(FIRST_EPOCH, members, FIRST_GENERATION, 0, nowUnixMs, 0, false);
        return new PoolState(
                pool.name(),
                FIRST_GENERATION,
                spec,
                pool.proxies(),
                List.of(first),
                Optional.empty(),
                FIRST_EPOCH + 1);
    }
}
