package dev.sluice.control;

import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.StoredRevision;
import dev.sluice.cluster.zookeeper.ConfigStore;
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

    /** As {@link Shown}, without the text. */
    record Listed(StoredRevision revision, boolean active, boolean before) {}

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
                    new Answer.Done<>(
                            new Shown(
                                    revision,
                                    isActive(wanted, rollout),
                                    isBefore(wanted, rollout)));
        };
    }

    /** Newest first; what cannot be read is left out. */
    Answer<List<Listed>> list() throws StoreException {
        Optional<ConfigRollout> rollout = rollout();
        List<Listed> all = new ArrayList<>();
        for (long number : store.numbers().sorted().toArray()) {
            if (store.stored(number) instanceof Seen.Value<StoredRevision> read) {
                all.addFirst(
                        new Listed(
                                read.value(),
                                isActive(number, rollout),
                                isBefore(number, rollout)));
            }
        }
        return new Answer.Done<>(List.copyOf(all));
    }

    private static boolean isActive(long number, Optional<ConfigRollout> rollout) {
        return rollout.filter(now -> now.active() == number).isPresent();
    }

    private static boolean isBefore(long number, Optional<ConfigRollout> rollout) {
        return rollout.filter(now -> now.before().orElse(0) == number).isPresent();
    }

    private Optional<ConfigRollout> rollout() throws StoreException {
        return store.rollout() instanceof Seen.Value<ConfigRollout> now
                ? Optional.of(now.value())
                : Optional.empty();
    }

    static Answer<ConfigRevision> revision(ConfigStore store, long number) throws StoreException {
        return answer(number, store.revision(number));
    }

    /** Without its text, if that is long. */
    static Answer<StoredRevision> stored(ConfigStore store, long number) throws StoreException {
        return answer(number, store.stored(number));
    }

    static Answer<String> text(ConfigStore store, StoredRevision revision) throws StoreException {
        return answer(revision.number(), store.text(revision.source()));
    }

    private static <T> Answer<T> answer(long number, Seen<T> seen) {
        return switch (seen) {
            case Seen.Value<T> revision -> new Answer.Done<>(revision.value());
            case Seen.Corrupt<T> corrupt ->
                    Answer.refused(
                            "revision " + number + " is corrupt: " + corrupt.problem(),
                            "apply anew");
            case Seen.Gone<T> _ ->
                    Answer.unknown(
                            "there is no revision " + number,
                            "the newest "
                                    + ConfigStore.KEPT_REVISIONS
                                    + " are kept; see: sluice config history");
        };
    }
}
