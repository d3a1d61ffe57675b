package dev.sluice.director.bench;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The tables that a case has installed. */
final class BenchPools {
    private BenchPools() {}

    static List<ForwardingTable> of(BenchCase c) {
        ChainTable builder = new ChainTable();
        return IntStream.range(0, c.pools()).mapToObj(i -> builder.build(state(c, i))).toList();
    }

    /** How many VIPs there are: a power of two, one bind each. */
    static int vips(BenchCase c) {
        return Math.max(c.pools(), c.binds());
    }

    private static PoolState state(BenchCase c, int pool) {
        List<Proxy> proxies = IntStream.range(0, c.proxies()).mapToObj(BenchPools::proxy).toList();
        List<Bind> binds =
                IntStream.range(0, vips(c))
                        .filter(i -> i % c.pools() == pool)
                        .mapToObj(i -> Bind.tcp(BenchFrames.vip(c.family(), i), BenchFrames.PORT))
                        .toList();
        PoolSpec spec =
                new PoolSpec(
                        c.wire(),
                        new SipHash.Key(1 + pool, 2),
                        new SipHash.Key(3, 4),
                        Set.of(HashField.values()),
                        binds);
        return new PoolState(
                "pool-" + pool, 1, spec, proxies, epochs(c, proxies), Optional.empty(), 3);
    }

    /** A view without one proxy of the last makes chains of three, one without any of four. */
    private static List<Epoch> epochs(BenchCase c, List<Proxy> proxies) {
        int size = proxies.size();
        return switch (c.hops()) {
            case 2 -> List.of(epoch(1, proxies));
            case 3 -> List.of(epoch(2, proxies.subList(1, size)), epoch(1, proxies));
            case 4 ->
                    List.of(
                            epoch(2, proxies.subList(0, size / 2)),
                            epoch(1, proxies.subList(size / 2, size)));
            default -> throw new IllegalArgumentException("rows of " + c.hops() + " hops");
        };
    }

    private static Epoch epoch(int id, List<Proxy> members) {
        List<Member> view = members.stream().map(p -> new Member(p.id(), p.weight())).toList();
        return new Epoch(id, view, 1, 1, 0, 0, false);
    }

    private static Proxy proxy(int index) {
        Address address = Address.parse("203.0.113.%d".formatted(index));
        return new Proxy("p" + index, address, Proxy.State.ACTIVE, 100);
    }
}
