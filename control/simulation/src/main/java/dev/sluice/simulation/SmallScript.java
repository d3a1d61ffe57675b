package dev.sluice.simulation;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.transition.Change;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a {@link SmallWorld} has, and how often what may happen in it.
 *
 * @param members indexes of the proxies in the first view, of three
 * @param changes asked for at any time, in any order, each until it is accepted once
 * @param syns that the client sends
 * @param packets under way at one time
 * @param crashes of a proxy's process
 * @param reboots of a director's host, which returns with the first snapshot
 * @param losses of a director's reach of a proxy
 * @param off of {@link Guard#START_CAUGHT_UP} and {@link Guard#COMMIT_CAUGHT_UP} those that are
 *     switched off
 */
record SmallScript(
        List<Integer> members,
        List<Change> changes,
        int directors,
        int syns,
        int packets,
        int crashes,
        int reboots,
        int losses,
        Set<Guard> off) {
    static final FlowKey FLOW =
            new FlowKey(
                    Protocol.TCP, Address.parse("198.18.9.1"), 10_000, Clients.VIP, Clients.PORT);
    static final int PROXIES = 3;
    private static final int WEIGHT = 100;
    private static final List<Address> ADDRESSES =
            IntStream.range(0, PROXIES)
                    .mapToObj(i -> Address.parse("198.18.20." + (i + 1)))
                    .toList();
    private static final PoolSpec SPEC =
            new PoolSpec(
                            Wire.SLUICE,
                            new SipHash.Key(1, 2),
                            new SipHash.Key(3, 4),
                            Set.of(HashField.values()),
                            List.of(Bind.tcp(Clients.VIP, Clients.PORT)))
                    .withRows(1);

    SmallScript {
        members = List.copyOf(members);
        changes = List.copyOf(changes);
        off = Set.copyOf(off);
    }

    static String id(int proxy) {
        return "p" + proxy;
    }

    static int indexOf(Address address) {
        return ADDRESSES.indexOf(address);
    }

    static Segment segment(boolean syn) {
        Connection.Plan plan = new Connection.Plan(0, 0, 0, 0);
        return new Segment(
                new Connection(0, FLOW, 0, SPEC, plan), syn ? Segment.SYN : Segment.ACK, 0, 0, -1);
    }

    PoolState pool() {
        List<Member> view = members.stream().map(i -> new Member(id(i), WEIGHT)).toList();
        List<Proxy> proxies =
                IntStream.range(0, PROXIES)
                        .mapToObj(i ->
                                new Proxy(
                                        id(i),
                                        ADDRESSES.get(i),
                                        members.contains(i)
                                                ? Proxy.State.ACTIVE
                                                : Proxy.State.JOINING,
                                        WEIGHT))
                        .toList();
        Epoch first = new Epoch(1, view, 1, 1, 0, 0, false);
        return new PoolState(
                Paths.POOL_NAME, 1, SPEC, proxies, List.of(first), Optional.empty(), 2);
    }
}
