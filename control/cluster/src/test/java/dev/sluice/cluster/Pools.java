package dev.sluice.cluster;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small pools for tests: proxies p0, p1, … at 198.18.20.1, 198.18.20.2, … */
public final class Pools {
    public static final Address VIP = Address.parse("203.0.113.10");

    private Pools() {}

    public static PoolSpec spec(Wire wire) {
        return new PoolSpec(
                wire,
                new SipHash.Key(1, 2),
                new SipHash.Key(3, 4),
                Set.of(HashField.values()),
                List.of(Bind.tcp(VIP, 80)));
    }

    /** Generation 1, all proxies active. */
    public static PoolState active(int proxies) {
        return withEpochs(Wire.SLUICE, proxies, IntStream.range(0, proxies).toArray());
    }

    /**
     * Every proxy registered.
     *
     * @param views members of the live epochs, newest first
     */
    public static PoolState withEpochs(Wire wire, int proxies, int[]... views) {
        List<Epoch> live =
                IntStream.range(0, views.length)
                        .mapToObj(i -> epoch(views.length - i, views[i]))
                        .toList();
        return new PoolState(
                "web",
                1,
                spec(wire),
                IntStream.range(0, proxies).mapToObj(Pools::proxy).toList(),
                live,
                Optional.empty(),
                views.length + 1);
    }

    public static PoolState withPending(PoolState state, int... view) {
        return new PoolState(
                state.name(),
                state.generation() + 1,
                state.spec(),
                state.proxies(),
                state.live(),
                Optional.of(epoch((int) state.nextEpochId(), view)),
                state.nextEpochId() + 1);
    }

    public static String id(int proxy) {
        return "p" + proxy;
    }

    private static Proxy proxy(int index) {
        return new Proxy(id(index), Address.parse("198.18.20." + (index + 1)), State.ACTIVE, 100);
    }

    private static Epoch epoch(int id, int... members) {
        Stream<Member> view = IntStream.of(members).mapToObj(m -> new Member(id(m), 100));
        return new Epoch(id, view.toList(), 1, 1, 0, 0, false);
    }
}
