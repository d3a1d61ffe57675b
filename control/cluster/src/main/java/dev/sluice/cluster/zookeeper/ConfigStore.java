package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;

import java.util.function.Consumer;
import java.util.stream.LongStream;

/** L7 configurations: immutable revisions, and the pointer to the one that is served. */
public final class ConfigStore {
    /** Older revisions are deleted, except the active one. */
    public static final int KEPT_REVISIONS = 100;

    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;
    private final EventLog events;

    ConfigStore(WatchLoop loop, Nodes nodes, Layout layout, EventLog events) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
        this.events = events;
    }

    /** Sees the rollout pointer; {@link Seen.Gone} while no configuration was applied. */
    public void watchRollout(Consumer<Seen<ConfigRollout>> consumer) {
        loop.add(new NodeWatch<>(loop, layout.rollout(), Codecs.CONFIG_ROLLOUT, consumer));
    }

    /** Sees the active revision: what a proxy serves. */
    public void watchActive(Consumer<Seen<ConfigRevision>> consumer) {
        loop.add(new ActiveRevisionWatch(loop, layout, consumer));
    }

    /** Blocks. */
    public Seen<ConfigRollout> rollout() throws StoreException {
        return nodes.read(layout.rollout(), Codecs.CONFIG_ROLLOUT);
    }

    /** Blocks. */
    public Seen<ConfigRevision> revision(long number) throws StoreException {
        return nodes.read(layout.revision(number), Codecs.CONFIG_REVISION);
    }

    /** Blocks. Stores a new revision under the next free number and returns it as stored. */
    public ConfigRevision addRevision(
            String source, String origin, String appliedBy, long nowUnixMs) throws StoreException {
        while (true) {
            long number = numbers().max().orElse(0) + 1;
            ConfigRevision revision =
                    new ConfigRevision(number, source, origin, appliedBy, nowUnixMs);
            if (nodes.create(layout.revision(number), Codecs.CONFIG_REVISION.encode(revision))) {
                return revision;
            }
        }
    }

    /** Blocks. Without a word in the audit log. False: there is a rollout already. */
    public boolean createRollout(ConfigRollout rollout) throws StoreException {
        return nodes.create(layout.rollout(), Codecs.CONFIG_ROLLOUT.encode(rollout));
    }

    /** Blocks. Without a word in the audit log. False: somebody else wrote since. */
    public boolean compareAndSetRollout(ConfigRollout next, int version) throws StoreException {
        return nodes.compareAndSet(layout.rollout(), Codecs.CONFIG_ROLLOUT.encode(next), version);
    }

    /** Blocks. The same with an event. False: there is a rollout already. */
    public boolean createRollout(ConfigRollout rollout, AuditEvent event) throws StoreException {
        byte[] bytes = Codecs.CONFIG_ROLLOUT.encode(rollout);
        return events.commit(nodes.transaction().create(layout.rollout(), bytes), event);
    }

    /**
     * Blocks. One transaction: the pointer, and what the audit log says about it. False: somebody
     * else wrote since.
     */
    public boolean compareAndSetRollout(ConfigRollout next, int version, AuditEvent event)
            throws StoreException {
        byte[] bytes = Codecs.CONFIG_ROLLOUT.encode(next);
        return events.commit(nodes.transaction().set(layout.rollout(), bytes, version), event);
    }

    /** Blocks. Deletes the oldest revisions beyond {@link #KEPT_REVISIONS}. */
    public void prune(ConfigRollout keep) throws StoreException {
        long[] oldestFirst = numbers().sorted().toArray();
        for (int i = 0; i < oldestFirst.length - KEPT_REVISIONS; i++) {
            long number = oldestFirst[i];
            if (number != keep.active()) {
                nodes.delete(layout.revision(number));
            }
        }
    }

    /** Blocks. The numbers of those that are kept, in no order. */
    public LongStream numbers() throws StoreException {
        return nodes.children(layout.revisions()).stream()
                .filter(name -> name.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong);
    }
}
