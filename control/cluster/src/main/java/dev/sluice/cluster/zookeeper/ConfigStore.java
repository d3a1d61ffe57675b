package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.Source;
import dev.sluice.cluster.record.StoredRevision;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** L7 configurations: immutable revisions, and the pointer to the one that is served. */
public final class ConfigStore {
    /** Older revisions are deleted, except the active one and the one before it. */
    public static final int KEPT_REVISIONS = 100;

    /** As long as they have no more than that together: ZooKeeper has all of it in memory. */
    public static final long KEPT_BYTES = 64L << 20;

    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;
    private final EventLog events;
    private final Sources sources;

    ConfigStore(WatchLoop loop, Nodes nodes, Layout layout, EventLog events) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
        this.events = events;
        this.sources = new Sources(nodes, layout);
    }

    /** Sees the rollout pointer; {@link Seen.Gone} while no configuration was applied. */
    public void watchRollout(Consumer<Seen<ConfigRollout>> consumer) {
        loop.add(new NodeWatch<>(loop, layout.rollout(), Codecs.CONFIG_ROLLOUT, consumer));
    }

    /** Sees the active revision: what a proxy serves. */
    public void watchActive(Consumer<Seen<ConfigRevision>> consumer) {
        loop.add(new ActiveRevisionWatch(loop, layout, sources, consumer));
    }

    /** Blocks. */
    public Seen<ConfigRollout> rollout() throws StoreException {
        return nodes.read(layout.rollout(), Codecs.CONFIG_ROLLOUT);
    }

    /** Blocks. Without its text, if that is long. */
    public Seen<StoredRevision> stored(long number) throws StoreException {
        return nodes.read(layout.revision(number), Codecs.CONFIG_REVISION);
    }

    /** Blocks. */
    public Seen<ConfigRevision> revision(long number) throws StoreException {
        return switch (stored(number)) {
            case Seen.Gone<StoredRevision>(String name) -> new Seen.Gone<>(name);
            case Seen.Corrupt<StoredRevision>(String name, NodeProblem problem) ->
                    new Seen.Corrupt<>(name, problem);
            case Seen.Value<StoredRevision>(String name, StoredRevision stored, int version) ->
                    whole(name, stored, sources.read(stored.source()), version);
        };
    }

    /** With the text that its source was read as. */
    static Seen<ConfigRevision> whole(
            String name, StoredRevision stored, Seen<String> text, int version) {
        return switch (text) {
            case Seen.Value<String> read ->
                    new Seen.Value<>(name, stored.with(read.value()), version);
            case Seen.Corrupt<String> bad -> new Seen.Corrupt<>(name, bad.problem());
            case Seen.Gone<String> _ -> new Seen.Gone<>(name);
        };
    }

    /** Blocks. What a revision or a trial names. */
    public Seen<String> text(Source source) throws StoreException {
        return sources.read(source);
    }

    /** Blocks. Close it. */
    public Draft draft(String text) throws StoreException {
        return new Draft(this, text, sources.write(text));
    }

    void discard(Source source) throws StoreException {
        switch (source) {
            case Source.Whole _ -> {}
            case Source.Parts parts -> {
                // Without its mark a revision names it, or the next pruning finds it.
                if (sources.isMarked(parts)) {
                    sources.delete(List.of(parts.id()));
                }
            }
        }
    }

    /** A new revision under the next free number. */
    StoredRevision add(Source source, String origin, String appliedBy, long nowUnixMs)
            throws StoreException {
        nodes.ensure(layout.revisions());
        while (sources.isMarked(source)) {
            long number = numbers().max().orElse(0) + 1;
            StoredRevision revision =
                    new StoredRevision(number, source, origin, appliedBy, nowUnixMs);
            Transaction create =
                    nodes.transaction()
                            .create(
                                    layout.revision(number),
                                    Codecs.CONFIG_REVISION.encode(revision));
            if (sources.named(source, create).commit()) {
                return revision;
            }
        }
        throw new StoreException(
                "ZooKeeper ended the session in which "
                        + origin
                        + " was written; nothing was applied: apply it again");
    }

    /** Blocks. Without a word in the audit log. False: there is a rollout already. */
    public boolean createRollout(ConfigRollout rollout) throws StoreException {
        return nodes.create(layout.rollout(), Codecs.CONFIG_ROLLOUT.encode(rollout));
    }

    /** Blocks. Without a word in the audit log. False: somebody else wrote since. */
    public boolean compareAndSetRollout(ConfigRollout next, int version) throws StoreException {
        return nodes.compareAndSet(layout.rollout(), Codecs.CONFIG_ROLLOUT.encode(next), version);
    }

    /**
     * Blocks. The same with an event. False: there is a rollout already, or no such revision any
     * more.
     */
    public boolean createRollout(ConfigRollout rollout, AuditEvent event) throws StoreException {
        byte[] bytes = Codecs.CONFIG_ROLLOUT.encode(rollout);
        return activate(rollout, nodes.transaction().create(layout.rollout(), bytes), event);
    }

    /**
     * Blocks. One transaction: the pointer, and what the audit log says about it. False: somebody
     * else wrote since, or the revision was {@link #prune pruned}.
     */
    public boolean compareAndSetRollout(ConfigRollout next, int version, AuditEvent event)
            throws StoreException {
        byte[] bytes = Codecs.CONFIG_ROLLOUT.encode(next);
        return activate(next, nodes.transaction().set(layout.rollout(), bytes, version), event);
    }

    private boolean activate(ConfigRollout next, Transaction pointer, AuditEvent event)
            throws StoreException {
        return events.commit(pointer.check(layout.revision(next.active())), event);
    }

    /**
     * Blocks. Deletes the oldest revisions beyond {@link #KEPT_REVISIONS} and {@link #KEPT_BYTES},
     * and texts that nobody has named and nobody will. Whoever makes another revision active
     * meanwhile ends it, and prunes next.
     */
    public void prune() throws StoreException {
        if (rollout() instanceof Seen.Value<ConfigRollout> now) {
            prune(now.value(), now.version());
        }
    }

    private void prune(ConfigRollout keep, int version) throws StoreException {
        // Before the revisions are read: what has lost its mark by now is named by one of them.
        Set<String> orphans = new HashSet<>(sources.unmarked());
        boolean allRead = true;
        long bytes = 0;
        int count = 0;
        for (long number : newestFirst()) {
            Optional<Source> source = source(number);
            allRead &= source.isPresent();
            bytes += source.map(Source::bytes).orElse(0);
            count++;
            boolean inUse = number == keep.active() || number == keep.before().orElse(0);
            if (inUse || (count <= KEPT_REVISIONS && bytes <= KEPT_BYTES)) {
                source.flatMap(ConfigStore::parts).ifPresent(orphans::remove);
            } else {
                if (!delete(number, version)) {
                    return;
                }
                source.flatMap(ConfigStore::parts).ifPresent(orphans::add);
            }
        }
        if (allRead) {
            sources.delete(orphans);
        }
    }

    /** False: the pointer is another by now, or somebody else deleted it. */
    private boolean delete(long number, int rolloutVersion) throws StoreException {
        return nodes.transaction()
                .delete(layout.revision(number))
                .check(layout.rollout(), rolloutVersion)
                .commit();
    }

    /** Empty if that cannot be read. */
    private Optional<Source> source(long number) throws StoreException {
        return stored(number) instanceof Seen.Value<StoredRevision> seen
                ? Optional.of(seen.value().source())
                : Optional.empty();
    }

    private static Optional<String> parts(Source source) {
        return source instanceof Source.Parts parts ? Optional.of(parts.id()) : Optional.empty();
    }

    private List<Long> newestFirst() throws StoreException {
        return numbers().boxed().sorted(Comparator.reverseOrder()).toList();
    }

    /** Blocks. The numbers of those that are kept, in no order. */
    public LongStream numbers() throws StoreException {
        return nodes.children(layout.revisions()).stream()
                .filter(name -> name.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong);
    }
}
