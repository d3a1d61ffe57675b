package dev.sluice.datapath;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Pools of proxies p1 to p6 at 198.18.0.1 to 198.18.0.6, and more if views name them. */
final class TestPools {
    static final Address VIP = Address.parse("203.0.113.10");
    static final Address VIP6 = Address.parse("2001:db8:f::10");
    static final int PORT = 443;
    private static final int PROXIES = 6;

    private TestPools() {}

    static Address address(String proxy) {
        int number = number(proxy);
        return Address.parse("198.18.%d.%d".formatted(number >> 8, number & 0xff));
    }

    /**
     * @param views the proxies of each live epoch, the newest first, such as {@code "p1 p2"}
     */
    static ForwardingTable table(long generation, String... views) {
        return named("web", generation, views);
    }

    static ForwardingTable table(PoolSpec spec, long generation, String... views) {
        return ChainTable.of(state("web", spec, generation, views));
    }

    /** With a bind for each version of IP. */
    static ForwardingTable dual(long generation, String... views) {
        List<Bind> binds = List.of(Bind.tcp(VIP, PORT), Bind.tcp(VIP6, PORT));
        return table(spec(PoolSpec.Wire.SLUICE, binds), generation, views);
    }

    static ForwardingTable table(String pool, PoolSpec spec, long generation, String... views) {
        return ChainTable.of(state(pool, spec, generation, views));
    }

    static ForwardingTable named(String pool, long generation, String... views) {
        return ChainTable.of(state(pool, spec(PoolSpec.Wire.SLUICE), generation, views));
    }

    static PoolSpec spec(PoolSpec.Wire wire) {
        return spec(wire, List.of(Bind.tcp(VIP, PORT)));
    }

    static PoolSpec spec(PoolSpec.Wire wire, List<Bind> binds) {
        return new PoolSpec(
                wire,
                new SipHash.Key(1, 2),
                new SipHash.Key(3, 4),
                EnumSet.allOf(PoolSpec.HashField.class),
                binds);
    }

    private static PoolState state(String name, PoolSpec spec, long generation, String... views) {
        List<Epoch> live = new ArrayList<>();
        for (int i = 0; i < views.length; i++) {
            int id = views.length - i;
            live.add(new Epoch(id, members(views[i]), id, id, 0, 0, false));
        }
        return new PoolState(
                name, generation, spec, proxies(views), live, Optional.empty(), views.length + 1);
    }

    private static List<Epoch.Member> members(String view) {
        return view.isEmpty()
                ? List.of()
                : List.of(view.split(" ", -1)).stream().map(id -> new Epoch.Member(id, 1)).toList();
    }

    /** The view of p1 to a last one. */
    static String first(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "p" + i)
                .collect(Collectors.joining(" "));
    }

    private static int number(String proxy) {
        return Integer.parseInt(proxy.substring(1));
    }

    private static List<Proxy> proxies(String... views) {
        int last =
                Stream.of(views)
                        .flatMap(view -> Stream.of(view.split(" ", -1)))
                        .filter(id -> !id.isEmpty())
                        .mapToInt(TestPools::number)
                        .max()
                        .orElse(PROXIES);
        return IntStream.rangeClosed(1, Math.max(PROXIES, last))
                .mapToObj(i -> "p" + i)
                .map(id -> new Proxy(id, address(id), Proxy.State.ACTIVE, 1))
                .toList();
    }
}
