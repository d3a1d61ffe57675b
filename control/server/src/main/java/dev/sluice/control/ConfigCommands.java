package dev.sluice.control;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.zookeeper.ConfigStore;
import dev.sluice.cluster.zookeeper.NodeProblem;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/** Applies and shows L7 configurations. Blocks; any thread. */
final class ConfigCommands {
    /** A ZooKeeper node holds less than 1 MiB; half of it leaves room for what is beside. */
    static final int MAX_SOURCE_BYTES = 512 * 1024;

    private static final int ANY_VERSION = -1;

    private final ConfigStore store;
    private final InstantSource clock;

    ConfigCommands(ConfigStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * @param unchanged the text was active already; nothing was written
     */
    record Applied(long revision, boolean unchanged) {}

    /**
     * @param active it is what proxies serve, or should
     */
    record Shown(ConfigRevision revision, boolean active) {}

    /** A text with a problem is refused and never stored. */
    Answer<Applied> apply(String source, String origin, String actor) throws StoreException {
        int bytes = source.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOURCE_BYTES) {
            return Answer.refused(
                    origin + " has " + bytes + " bytes",
                    "allowed are " + MAX_SOURCE_BYTES + "; put certificates into files");
        }
        return switch (L7Config.parse(origin, source)) {
            case Parsed.Invalid<L7Config>(List<Problem> problems) -> refused(origin, problems);
            case Parsed.Valid<L7Config> valid -> new Answer.Done<>(activate(source, origin, actor));
        };
    }

    /**
     * @param number 0 = the active one
     */
    Answer<Shown> show(long number) throws StoreException {
        long active = activeNumber();
        if (number == 0 && active == 0) {
            return Answer.unknown(
                    "no configuration was applied yet", "apply one: sluice config apply -f FILE");
        }
        long wanted = number == 0 ? active : number;
        return switch (store.revision(wanted)) {
            case Seen.Value<ConfigRevision>(String n, ConfigRevision revision, int v) ->
                    new Answer.Done<>(new Shown(revision, wanted == active));
            case Seen.Corrupt<ConfigRevision>(String n, NodeProblem problem) ->
                    Answer.refused("revision " + wanted + " is corrupt: " + problem, "apply anew");
            case Seen.Gone<ConfigRevision> gone ->
                    Answer.unknown(
                            "there is no revision " + wanted,
                            "the active one is "
                                    + active
                                    + "; the newest "
                                    + ConfigStore.KEPT_REVISIONS
                                    + " are kept");
        };
    }

    private static Answer<Applied> refused(String origin, List<Problem> problems) {
        String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
        return new Answer.Refused<>(
                false,
                origin + " has " + count,
                "correct the file and apply it again; what is active stays active",
                problems.stream().map(Problem::toString).toList());
    }

    private Applied activate(String source, String origin, String actor) throws StoreException {
        long active = activeNumber();
        if (active != 0
                && store.revision(active)
                        instanceof Seen.Value<ConfigRevision>(String n, ConfigRevision now, int v)
                && now.source().equals(source)) {
            return new Applied(active, true);
        }
        ConfigRevision revision = store.addRevision(source, origin, actor, clock.millis());
        ConfigRollout rollout = new ConfigRollout(revision.number(), revision.number());
        AuditEvent event =
                new AuditEvent(
                        clock.millis(),
                        actor,
                        "config-apply",
                        origin,
                        "revision " + revision.number() + " active",
                        0);
        point(rollout, event);
        Audit.logged(event);
        store.prune(rollout);
        return new Applied(revision.number(), false);
    }

    /** Of several at once the last one wins; each has its own revision. */
    private void point(ConfigRollout rollout, AuditEvent event) throws StoreException {
        boolean written = false;
        while (!written) {
            written =
                    switch (store.rollout()) {
                        case Seen.Value<ConfigRollout>(String n, ConfigRollout now, int version) ->
                                store.compareAndSetRollout(rollout, version, event);
                        case Seen.Corrupt<ConfigRollout> junk ->
                                store.compareAndSetRollout(rollout, ANY_VERSION, event);
                        case Seen.Gone<ConfigRollout> gone -> store.createRollout(rollout, event);
                    };
        }
    }

    private long activeNumber() throws StoreException {
        return store.rollout()
                        instanceof Seen.Value<ConfigRollout>(String n, ConfigRollout now, int v)
                ? now.activeRevision()
                : 0;
    }
}
