package dev.sluice.control;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.Source;
import dev.sluice.cluster.record.StoredRevision;
import dev.sluice.cluster.zookeeper.ConfigStore;
import dev.sluice.cluster.zookeeper.Draft;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes L7 configurations active: parsed here, tried by every running proxy, and only then served.
 * Blocks; any thread.
 */
final class ConfigCommands {
    private static final int ANY_VERSION = -1;

    private final ConfigStore store;
    private final ConfigTrials trials;
    private final InstantSource clock;

    ConfigCommands(ConfigStore store, ConfigTrials trials, InstantSource clock) {
        this.store = store;
        this.trials = trials;
        this.clock = clock;
    }

    /**
     * @param activation as {@link ConfigRollout#count}
     * @param unchanged the text was active already; nothing was written
     */
    record Applied(long revision, long activation, boolean unchanged, ConfigTrials.Result tried) {}

    /**
     * @param activation as {@link ConfigRollout#count}
     * @param before the one that was active until now
     */
    record RolledBack(long revision, long activation, long before, ConfigTrials.Result tried) {}

    /**
     * The pointer as it was before the proxies were asked.
     *
     * @param version of its node; {@link #ANY_VERSION} for one that cannot be read
     * @param rollout empty = no configuration was applied yet, or see the version
     */
    private record Pointer(int version, Optional<ConfigRollout> rollout) {
        private static final int NONE = -2;

        boolean isThere() {
            return version != NONE;
        }

        ConfigRollout activate(long revision) {
            return rollout.map(now -> now.activate(revision))
                    .orElseGet(() -> ConfigRollout.of(revision));
        }
    }

    /** A text with a problem, here or on a proxy, is refused and never stored. */
    Answer<Applied> apply(String source, String origin, String actor)
            throws StoreException, InterruptedException {
        Pointer pointer = pointer();
        if (isActive(source, pointer)) {
            ConfigRollout now = pointer.rollout().orElseThrow();
            return new Answer.Done<>(
                    new Applied(now.active(), now.count(), true, ConfigTrials.Result.NONE));
        }
        List<String> problems = problems(source, origin);
        if (!problems.isEmpty()) {
            return refused(origin, problems);
        }
        try (Draft draft = store.draft(source)) {
            return switch (tried(draft.source(), origin)) {
                case Answer.Refused<ConfigTrials.Result> refused -> refused.as();
                case Answer.Done<ConfigTrials.Result>(ConfigTrials.Result tried) -> {
                    long revision = draft.keep(origin, actor, clock.millis()).number();
                    AuditEvent event = event(actor, "config-apply", origin, revision, pointer);
                    yield point(pointer, revision, event)
                            .map(count -> new Applied(revision, count, false, tried))
                            .<Answer<Applied>>map(Answer.Done::new)
                            .orElseGet(ConfigCommands::overtaken);
                }
            };
        }
    }

    /**
     * Everything but the last step: nothing is stored or made active.
     *
     * @return what the proxies say
     */
    Answer<ConfigTrials.Result> validate(String source, String origin)
            throws StoreException, InterruptedException {
        List<String> problems = problems(source, origin);
        if (!problems.isEmpty()) {
            return refused(origin, problems);
        }
        try (Draft draft = store.draft(source)) {
            return tried(draft.source(), origin);
        }
    }

    private Answer<ConfigTrials.Result> tried(Source source, String origin)
            throws StoreException, InterruptedException {
        ConfigTrials.Result tried = trials.of(source, origin);
        return tried.problems().isEmpty()
                ? new Answer.Done<>(tried)
                : refused(origin, tried.problems());
    }

    /** Those that can be seen here. */
    private static List<String> problems(String source, String origin) {
        int bytes = source.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Source.MAX_BYTES) {
            return List.of(
                    origin + ": has " + bytes + " bytes; allowed: up to " + Source.MAX_BYTES);
        }
        return switch (L7Config.parse(origin, source)) {
            case Parsed.Invalid<L7Config>(List<Problem> all) ->
                    all.stream().map(Problem::toString).toList();
            case Parsed.Valid<L7Config> _ -> List.of();
        };
    }

    /**
     * Makes an older revision active again, if the proxies of today would serve it.
     *
     * @param number 0 = the one that was active before
     */
    Answer<RolledBack> rollBack(long number, String actor)
            throws StoreException, InterruptedException {
        Pointer pointer = pointer();
        OptionalLong before =
                pointer.rollout().map(ConfigRollout::before).orElse(OptionalLong.empty());
        if (pointer.rollout().isEmpty() || (number == 0 && before.isEmpty())) {
            return Answer.refused(
                    "no other configuration was active before", "see: sluice config history");
        }
        long active = pointer.rollout().get().active();
        long wanted = number == 0 ? before.getAsLong() : number;
        if (wanted == active) {
            return Answer.refused(
                    "revision " + active + " is active already", "see: sluice config history");
        }
        return switch (ConfigHistory.stored(store, wanted)) {
            case Answer.Refused<StoredRevision> refused -> refused.as();
            case Answer.Done<StoredRevision>(StoredRevision revision) ->
                    rollBack(pointer, revision, actor);
        };
    }

    private Answer<RolledBack> rollBack(Pointer pointer, StoredRevision revision, String actor)
            throws StoreException, InterruptedException {
        return switch (stillValid(revision)) {
            case Answer.Refused<ConfigTrials.Result> refused -> refused.as();
            case Answer.Done<ConfigTrials.Result>(ConfigTrials.Result tried) -> {
                long number = revision.number();
                AuditEvent event =
                        event(actor, "config-rollback", revision.origin(), number, pointer);
                long before = pointer.rollout().orElseThrow().active();
                yield point(pointer, number, event)
                        .map(count -> new RolledBack(number, count, before, tried))
                        .<Answer<RolledBack>>map(Answer.Done::new)
                        .orElseGet(ConfigCommands::overtaken);
            }
        };
    }

    /** It was when it was applied, to the programs of that time on the hosts of that time. */
    private Answer<ConfigTrials.Result> stillValid(StoredRevision revision)
            throws StoreException, InterruptedException {
        return switch (ConfigHistory.text(store, revision)) {
            case Answer.Refused<String> refused -> refused.as();
            case Answer.Done<String>(String source) -> {
                List<String> problems = problems(source, revision.origin());
                yield problems.isEmpty()
                        ? tried(revision.source(), revision.origin())
                        : refused(revision.origin(), problems);
            }
        };
    }

    private static <T> Answer<T> refused(String origin, List<String> problems) {
        return Answer.problems(
                origin, problems, "correct it and try again; what is active stays active");
    }

    private static <T> Answer<T> overtaken() {
        return Answer.refused(
                "another configuration became active meanwhile",
                "see 'sluice config history' and 'sluice config diff', then apply again");
    }

    private AuditEvent event(
            String actor, String action, String origin, long revision, Pointer before) {
        String from = before.rollout().map(now -> ", before it " + now.active()).orElse("");
        return new AuditEvent(
                clock.millis(),
                actor,
                action,
                origin,
                "revision " + revision + " active" + from,
                0);
    }

    /** Its count; empty if somebody else wrote since the pointer was read. */
    private Optional<Long> point(Pointer pointer, long revision, AuditEvent event)
            throws StoreException {
        ConfigRollout next = pointer.activate(revision);
        boolean written =
                pointer.isThere()
                        ? store.compareAndSetRollout(next, pointer.version(), event)
                        : store.createRollout(next, event);
        if (!written) {
            return Optional.empty();
        }
        Audit.logged(event);
        store.prune();
        return Optional.of(next.count());
    }

    private boolean isActive(String source, Pointer pointer) throws StoreException {
        return pointer.rollout().isPresent()
                && store.revision(pointer.rollout().get().active())
                        instanceof Seen.Value<ConfigRevision> now
                && now.value().source().equals(source);
    }

    private Pointer pointer() throws StoreException {
        return switch (store.rollout()) {
            case Seen.Value<ConfigRollout>(String n, ConfigRollout now, int version) ->
                    new Pointer(version, Optional.of(now));
            case Seen.Corrupt<ConfigRollout> junk -> new Pointer(ANY_VERSION, Optional.empty());
            case Seen.Gone<ConfigRollout> gone -> new Pointer(Pointer.NONE, Optional.empty());
        };
    }
}
