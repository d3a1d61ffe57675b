package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.EvenRendezvous;
import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.hash.Rendezvous.Contender;
import dev.sluice.cluster.hash.Rendezvous.FirstTwo;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.Balance;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The first two of every row among the members of views, of the views asked about lately: a view
 * that differs little from one of them costs little. Confined to one thread.
 */
final class Rankings {
    /** As many views as a pool's epochs and one or two that are thought about. */
    private static final int KEPT = 12;

    private final Map<View, FirstTwo> kept =
            new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<View, FirstTwo> eldest) {
                    return size() > KEPT;
                }
            };

    private SipHash.Key seed = new SipHash.Key(0, 0);
    private long[] rowSeeds = {};

    /** What decides a member's rows. */
    record Share(Address address, int weight) {
        Contender contender() {
            return new Contender(address.bytes(), weight);
        }
    }

    /** All that a ranking depends on, but for the seed. */
    private record View(List<Share> shares, Balance balance) {
        View {
            shares = List.copyOf(shares);
        }

        List<Contender> contenders() {
            return shares.stream().map(Share::contender).toList();
        }

        int differences(View other) {
            Set<Share> both = new HashSet<>(shares);
            both.retainAll(new HashSet<>(other.shares));
            return shares.size() + other.shares.size() - 2 * both.size();
        }
    }

    /** Indexes are those of the list. */
    FirstTwo of(PoolSpec spec, List<Share> shares) {
        useSeed(spec);
        View view = new View(shares, shares.isEmpty() ? Balance.HASHED : spec.balance());
        FirstTwo known = kept.get(view);
        if (known == null) {
            known =
                    switch (view.balance()) {
                        case HASHED -> rank(view);
                        case EVEN -> rankEvenly(view.contenders());
                    };
            kept.put(view, known);
        }
        return known;
    }

    private void useSeed(PoolSpec spec) {
        if (rowSeeds.length != spec.rows() || !seed.equals(spec.seed())) {
            kept.clear();
            seed = spec.seed();
            rowSeeds = Rendezvous.rowSeeds(seed, spec.rows());
        }
    }

    private FirstTwo rank(View view) {
        View nearest = view;
        int least = view.shares().size();
        for (View other : kept.keySet()) {
            int differences = other.balance() == Balance.HASHED ? other.differences(view) : least;
            if (differences < least) {
                least = differences;
                nearest = other;
            }
        }
        FirstTwo ranked = kept.get(nearest);
        // Each difference costs about two draws a row; from nothing each member costs one.
        return ranked != null && 2 * least < view.shares().size()
                ? Rendezvous.firstTwo(
                        seed, rowSeeds, nearest.contenders(), ranked, view.contenders())
                : Rendezvous.firstTwo(seed, rowSeeds, view.contenders());
    }

    private FirstTwo rankEvenly(List<Contender> contenders) {
        return EvenRendezvous.firstTwo(
                contenders,
                rowSeeds.length,
                i -> Rendezvous.column(seed, rowSeeds, contenders.get(i).address()));
    }
}
