package dev.sluice.simulation;

import dev.sluice.cluster.pool.Address;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Ways to reorder a chain around unreachable hops that PROTOCOL rule 15 rules out. */
final class BadDemotions {
    private BadDemotions() {}

    /** C8: the first two change places, whatever stands behind them. */
    static Chained swapped(Chained chain, Set<Address> away) {
        if (chain.open() < 2 || !away.contains(chain.hops().getFirst())) {
            return chain;
        }
        List<Address> hops = new ArrayList<>(chain.hops());
        Collections.swap(hops, 0, 1);
        return new Chained(hops, chain.open());
    }

    /** Unreachable hops are left out. */
    static Chained dropped(Chained chain, Set<Address> away) {
        List<Address> hops = new ArrayList<>(chain.hops());
        hops.removeAll(away);
        return hops.isEmpty() ? chain : new Chained(hops, Math.min(chain.open(), hops.size()));
    }

    /** C7: health alone decides, open or not. */
    static Chained sorted(Chained chain, Set<Address> away) {
        List<Address> hops = new ArrayList<>(chain.hops());
        hops.removeAll(away);
        chain.hops().stream().filter(away::contains).forEach(hops::add);
        return new Chained(hops, chain.open());
    }
}
