package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Change.Add;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is registered with a pool: one write each, no epoch, no phases. They neither lengthen nor
 * shorten a chain, so they may be made at any time, also while a change is open.
 */
final class Registry {
    /** More would not fit the hosts' tables of a pool. */
    static final int MAX_PROXIES = 256;

    private Registry() {}

    static Decision add(PoolState state, Add add) {
        Optional<Refused> refused = clash(state, add);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<Proxy> proxies = new ArrayList<>(state.proxies());
        proxies.add(new Proxy(add.proxy(), add.address(), State.JOINING, add.weight()));
        return written(
                state,
                proxies,
                add.proxy() + " joins at " + add.address() + " with weight " + add.weight());
    }

    private static Optional<Refused> clash(PoolState state, Add add) {
        if (add.weight() < 1 || add.weight() > Proxy.MAX_WEIGHT) {
            return Optional.of(Draft.badWeight(add.proxy(), add.weight()));
        }
        if (!add.address().isIpv4()) {
            return refuse(
                    "address " + add.address() + " of " + add.proxy() + " is not an IPv4 one",
                    "give the proxy's IPv4 address on the underlay: hops are IPv4");
        }
        for (Proxy proxy : state.proxies()) {
            if (proxy.id().equals(add.proxy())) {
                return refuse(
                        "pool "
                                + state.name()
                                + " has a proxy "
                                + proxy.id()
                                + " already, at "
                                + proxy.address(),
                        "give another name, or remove that one first ('sluice remove "
                                + proxy.id()
                                + "')");
            }
            if (proxy.address().equals(add.address())) {
                return refuse(
                        "address "
                                + add.address()
                                + " is that of "
                                + proxy.id()
                                + " in pool "
                                + state.name(),
                        "a host is one hop of a pool: give another address");
            }
        }
        return state.proxies().size() < MAX_PROXIES
                ? Optional.empty()
                : refuse(
                        "pool " + state.name() + " has " + MAX_PROXIES + " proxies: no more fit",
                        "remove one that is drained, or found another pool");
    }

    static Decision remove(ChainTable tables, PoolState state, Facts facts, String id) {
        Optional<Proxy> proxy = state.proxy(id);
        if (proxy.isEmpty()) {
            return Draft.unknown(state, id);
        }
        if (state.pending().orElseGet(state::newest).has(id)) {
            return Refused.wrong(
                    id + " takes new connections in pool " + state.name(),
                    "drain it first ('sluice drain " + id + "')");
        }
        if (state.newest().has(id)) {
            return Refused.notNow(
                    id + " is only about to leave the view of pool " + state.name(),
                    "wait until the change is committed and settled ('sluice status')");
        }
        List<Epoch> in = state.settling().stream().filter(e -> e.has(id)).toList();
        if (!in.isEmpty()) {
            return Waits.forDropped(
                    tables, state, facts, in, id + " is still in chains of pool " + state.name());
        }
        return written(
                state,
                state.proxies().stream().filter(p -> !p.id().equals(id)).toList(),
                id + " removed: let its host run for another minute, packets may be under way");
    }

    static Decision confirmOff(PoolState state, Facts facts, String id) {
        Optional<Proxy> proxy = state.proxy(id);
        if (proxy.isEmpty()) {
            return Draft.unknown(state, id);
        }
        if (facts.proxies().containsKey(id)) {
            return Refused.notNow(
                            id + " has a session: it is not off",
                            "stop its process and its host; its session ends some seconds later")
                    .heldBy(List.of(id));
        }
        if (proxy.get().mark() == Mark.CONFIRMED_OFF) {
            return Refused.wrong(
                    id + " is confirmed off already in pool " + state.name(), "nothing to do");
        }
        return written(
                state,
                withMark(state, id, Mark.CONFIRMED_OFF),
                id + " is confirmed off: nobody waits for it");
    }

    static List<Proxy> withMark(PoolState state, String id, Mark mark) {
        return state.proxies().stream().map(p -> p.id().equals(id) ? p.withMark(mark) : p).toList();
    }

    private static Decision written(PoolState state, List<Proxy> proxies, String effect) {
        return new Accepted(ProxyStates.next(state, proxies), List.of(), effect, Risk.NONE);
    }

    private static Optional<Refused> refuse(String reason, String wayOut) {
        return Optional.of(Refused.wrong(reason, wayOut));
    }
}
