package dev.sluice.control;

import static dev.sluice.cluster.pool.Proxy.State.ACTIVE;
import static dev.sluice.cluster.pool.Proxy.State.DRAINING;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The first state of a pool: generation 1, one live epoch, every proxy in it, unless its file says
 * otherwise of one.
 */
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
                                pool.binds())
                        .withBalance(pool.balance());
        List<Epoch> live = epochs(pool.proxies(), nowUnixMs);
        return new PoolState(
                pool.name(),
                FIRST_GENERATION,
                spec,
                pool.proxies(),
                live,
                Optional.empty(),
                live.getFirst().id() + 1);
    }

    /** Proxies that drain already are in an older view, which settles as any other. */
    private static List<Epoch> epochs(List<Proxy> proxies, long nowUnixMs) {
        Epoch newest = epoch(FIRST_EPOCH + 1, proxies, EnumSet.of(ACTIVE), nowUnixMs);
        Epoch older = epoch(FIRST_EPOCH, proxies, EnumSet.of(ACTIVE, DRAINING), nowUnixMs);
        return newest.members().equals(older.members()) ? List.of(older) : List.of(newest, older);
    }

    private static Epoch epoch(
            long id, List<Proxy> proxies, Set<Proxy.State> states, long nowUnixMs) {
        List<Epoch.Member> members =
                proxies.stream()
                        .filter(p -> states.contains(p.state()))
                        .map(p -> new Epoch.Member(p.id(), p.weight()))
                        .toList();
        return new Epoch(id, members, FIRST_GENERATION, 0, nowUnixMs, 0, false);
    }
}
