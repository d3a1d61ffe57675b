package dev.sluice.control;

import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.zookeeper.ConfigStore;
import dev.sluice.cluster.zookeeper.NodeProblem;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows the L7 configurations that were applied. Blocks; any thread. */
record ConfigHistory(ConfigStore store) {
    /**
     * @param active it is what proxies serve, or should
     * @param before a rollback goes there
     */
    record Shown(ConfigRevision revision, boolean active, boolean before) {}

    /**
     * @param number 0 = the active one
     */
    Answer<Shown> show(long number) throws StoreException {
        Optional<ConfigRollout> rollout = rollout();
        if (number == 0 && rollout.isEmpty()) {
            return Answer.unknown(
                    "no configuration was applied yet", "apply one: sluice config apply -f FILE");
        }
        long wanted = number == 0 ? rollout.get().active() : number;
        return switch (revision(store, wanted)) {
            case Answer.Refused<ConfigRevision> refused -> refused.as();
            case Answer.Done<ConfigRevision>(ConfigRevision revision) ->
                    new Answer.Done<>(shown(revision, rollout));
        };
    }

    /** Newest first; what cannot be read is left out. */
    Answer<List<Shown>> list() throws StoreException {
        Optional<ConfigRollout> rollout = rollout();
        List<Shown> all = new ArrayList<>();
        for (long number : store.numbers().sorted().toArray()) {
            if (store.revision(number) instanceof Seen.Value<ConfigRevision> read) {
                all.addFirst(shown(read.value(), rollout));
            }
        }
        return new Answer.Done<>(List.copyOf(all));
    }

    private static Shown shown(ConfigRevision revision, Optional<ConfigRollout> rollout) {
        long number = revision.number();
        return new Shown(
                revision,
                rollout.filter(now -> now.active() == number).isPresent(),
                rollout.filter(now -> now.before().orElse(0) == number).isPresent());
    }

    private Optional<ConfigRollout> rollout() throws StoreException {
        return store.rollout() instanceof Seen.Value<ConfigRollout> now
                ? Optional.of(now.value())
                : Optional.empty();
    }

    static Answer<ConfigRevision> revision(ConfigStore store, long number) throws StoreException {
        return switch (store.revision(number)) {
            case Seen.Value<ConfigRevision>(String n, ConfigRevision revision, int v) ->
                    new Answer.Done<>(revision);
            case Seen.Corrupt<ConfigRevision>(String n, NodeProblem problem) ->
                    Answer.refused("revision " + number + " is corrupt: " + problem, "apply anew");
            case Seen.Gone<ConfigRevision> gone ->
                    Answer.unknown(
                            "there is no revision " + number,
                            "the newest "
                                    + ConfigStore.KEPT_REVISIONS
                                    + " are kept; see: sluice config history");
        };
    }
}
