package dev.sluice.control;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.zookeeper.MemberStore;
import dev.sluice.cluster.zookeeper.NodeProblem;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a write is decided on: a pool's state, and facts that are not older than it.
 *
 * <p>Most facts only grow: a generation that was acknowledged or installed stays so, and a report
 * "fenced, these rows are empty" stays true for the generation that it names. Known late, they make
 * a decision later, never wrong; the view's watches do for them. A director's record is different:
 * it may appear, or stop being withdrawn, and a decision that misses it would not wait for that
 * director. So the records are read here, after the state. Then a director that is missing was
 * recorded after the state was written; and since it reads the state only when its record stands
 * (PROTOCOL rule 13), it knows this generation before it announces.
 *
 * @param version of the pool's node: the write is a compare-and-set over it, so a state that was
 *     not the newest cannot be written over
 */
record Basis(PoolState state, int version, Facts facts) {

    /** What becomes of a change here. */
    Decision decide(Change change, boolean force, long nowUnixMs) {
        return force
                ? Safety.force(state, facts, change, nowUnixMs)
                : Safety.check(state, facts, change, nowUnixMs);
    }

    /** It would be refused if it were not forced. */
    boolean needsForce(Change change, long nowUnixMs) {
        return decide(change, false, nowUnixMs) instanceof Decision.Refused;
    }

    /**
     * Reads what a write needs. Blocks; any thread.
     *
     * @param seen what the watches have seen
     */
    record Reader(Supplier<ClusterView> seen, PoolStore pools, MemberStore members) {

        /** Throws if there is no good state, or no current view, to decide on. */
        Basis read(String pool) throws UnavailableException, StoreException {
            Seen.Value<PoolState> seen = state(pool);
            Map<String, DirectorRecord> directors = directors();
            ClusterView view = current();
            return new Basis(seen.value(), seen.version(), view.facts(seen.value(), directors));
        }

        /** A view that is too old to decide by is none. */
        ClusterView current() throws UnavailableException {
            ClusterView view = seen.get();
            if (!view.current()) {
                throw UnavailableException.of(view);
            }
            return view;
        }

        private Seen.Value<PoolState> state(String pool)
                throws UnavailableException, StoreException {
            return switch (pools.read(pool)) {
                case Seen.Value<PoolState> value -> value;
                case Seen.Corrupt<PoolState>(String name, NodeProblem problem) ->
                        throw new UnavailableException("pool " + name + " is corrupt: " + problem);
                case Seen.Gone<PoolState>(String name) ->
                        throw new UnavailableException("pool " + name + " was deleted");
            };
        }

        private Map<String, DirectorRecord> directors() throws StoreException {
            Map<String, DirectorRecord> directors = new HashMap<>();
            for (Seen<DirectorRecord> seen : members.readDirectors()) {
                switch (seen) {
                    case Seen.Value<DirectorRecord>(String id, DirectorRecord record, int v) ->
                            directors.put(id, record);
                    case Seen.Corrupt<DirectorRecord>(String id, NodeProblem problem) ->
                            directors.put(id, nothingKnown(id));
                    case Seen.Gone<DirectorRecord> removedMeanwhile -> {}
                }
            }
            return directors;
        }

        /** A director whose record cannot be read is one that has acknowledged nothing. */
        private static DirectorRecord nothingKnown(String id) {
            return new DirectorRecord(id, Address.parse("0.0.0.0"), Map.of(), false);
        }
    }
}
