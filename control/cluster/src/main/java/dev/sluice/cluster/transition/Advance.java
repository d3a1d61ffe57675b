package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolState;

import java.util.List;

/** What a controller does next with an open change. */
public sealed interface Advance {
    /**
     * A step can be taken.
     *
     * @param next to be written by compare-and-set over the state that was asked about
     * @param why one sentence for the audit log
     */
    record Write(PoolState next, String why) implements Advance {}

    /**
     * Nothing can be done yet.
     *
     * @param holds who or what is waited for; empty if no change is open
     */
    record Wait(List<Hold> holds) implements Advance {
        public Wait {
            holds = List.copyOf(holds);
        }

        /** The same for people. */
        public List<String> reasons() {
            return holds.stream().map(Hold::text).toList();
        }
    }
}
