package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What may be asked of a pool. */
public sealed interface Change {
    /** Registers a proxy: every host starts to know it, nobody sends it anything yet. */
    record Add(String proxy, Address address, int weight) implements Change {}

    /** Forgets a proxy that is in no view and in no chain (PROTOCOL rule 11). */
    record Remove(String proxy) implements Change {}

    /** Gives up the change that is being prepared. */
    record Abort() implements Change {}

    /**
     * Drops an older epoch ahead of its turn. The leader does so by itself once nothing holds it,
     * so this is of use with force only.
     */
    record Settle(long epoch) implements Change {}

    /** The operator's word that a proxy's host is off and its flows are dead (rule 10). */
    record ConfirmOff(String proxy) implements Change {}

    /**
     * Other fields of packets choose their row, without a flow being lost: while older flows last,
     * chains go by both.
     */
    record Rehash(Set<HashField> fields) implements Change {
        public Rehash {
            fields = Set.copyOf(fields);
        }
    }

    /**
     * "The newest view becomes V": a function from a view to the next one, so several may be merged
     * into one epoch.
     */
    sealed interface ViewChange extends Change {
        /**
         * When the flows that the new view displaces are reset: wall clock; 0 = never. Changes with
         * different deadlines are not merged.
         */
        default long deadlineUnixMs() {
            return 0;
        }
    }

    /** Take no new flows on proxies; keep those they have. */
    record Drain(List<String> proxies, long deadlineUnixMs) implements ViewChange {
        public Drain {
            proxies = List.copyOf(proxies);
        }
    }

    /** Take new flows on proxies again, or for the first time. */
    record Fill(List<String> proxies) implements ViewChange {
        public Fill {
            proxies = List.copyOf(proxies);
        }
    }

    /**
     * Other shares of new flows.
     *
     * @param weights by proxy, 1 to 65535; of one in no view it is what it gets when it is filled
     */
    record Weigh(SortedMap<String, Integer> weights, long deadlineUnixMs) implements ViewChange {
        public Weigh {
            weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        }
    }

    /** One proxy takes another one's place and weight, in one epoch. */
    record Replace(String old, String replacement, long deadlineUnixMs) implements ViewChange {}

    /**
     * Out of the view by the directors' votes.
     *
     * @param votes for people, e.g. {@code 2 of 3 directors cannot reach proxy-1}
     */
    record Failover(List<String> proxies, String votes) implements ViewChange {
        public Failover {
            proxies = List.copyOf(proxies);
        }
    }
}
