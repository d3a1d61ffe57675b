package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.RecordProblem;
import dev.sluice.cluster.record.Source;
import dev.sluice.cluster.record.StoredRevision;

import org.apache.curator.framework.api.CuratorEvent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Follows the rollout pointer to the active revision. */
final class ActiveRevisionWatch implements Watch {
    private static final long NONE = 0;

    private final WatchLoop loop;
    private final Layout layout;
    private final Sources sources;
    private final Consumer<Seen<ConfigRevision>> consumer;
    private final NodeWatch<ConfigRollout> rollout;

    /** The revision that was asked for last; answers for any other are late. */
    private long active = NONE;

    private boolean fetching;

    ActiveRevisionWatch(
            WatchLoop loop,
            Layout layout,
            Sources sources,
            Consumer<Seen<ConfigRevision>> consumer) {
        this.loop = loop;
        this.layout = layout;
        this.sources = sources;
        this.consumer = consumer;
        this.rollout =
                new NodeWatch<>(loop, layout.rollout(), Codecs.CONFIG_ROLLOUT, this::onRollout);
    }

    @Override
    public void reread(long epoch) {
        rollout.reread(epoch);
        if (fetching) {
            // The answer was lost with the connection.
            fetch(active);
        }
    }

    @Override
    public boolean isCurrent(long epoch) {
        return rollout.isCurrent(epoch) && !fetching;
    }

    private void onRollout(Seen<ConfigRollout> seen) {
        switch (seen) {
            case Seen.Value<ConfigRollout>(String name, ConfigRollout pointer, int version) -> {
                if (pointer.active() != active) {
                    active = pointer.active();
                    fetch(active);
                }
            }
            case Seen.Corrupt<ConfigRollout>(String name, NodeProblem problem) ->
                    WatchLoop.deliver(consumer, new Seen.Corrupt<>(name, problem));
            case Seen.Gone<ConfigRollout>(String name) -> {
                active = NONE;
                fetching = false;
                WatchLoop.deliver(consumer, new Seen.Gone<>(name));
            }
        }
    }

    private void fetch(long number) {
        fetching = true;
        String path = layout.revision(number);
        loop.read(
                cb -> loop.client().getData().inBackground(cb).forPath(path),
                event -> onRevision(number, path, event));
    }

    private void onRevision(long number, String path, CuratorEvent event) {
        if (number != active) {
            return;
        }
        String name = Long.toString(number);
        if (!WatchLoop.exists(event)) {
            arrived(
                    new Seen.Corrupt<>(
                            name,
                            new NodeProblem(
                                    path,
                                    new RecordProblem(
                                            "",
                                            "missing, though the rollout names it",
                                            "a stored revision"))));
            return;
        }
        switch (NodeWatch.decode(Codecs.CONFIG_REVISION, path, name, event.getData(), 0)) {
            case Seen.Value<StoredRevision>(String _, StoredRevision revision, int _) ->
                    fetchText(revision);
            case Seen.Corrupt<StoredRevision> corrupt ->
                    arrived(new Seen.Corrupt<>(name, corrupt.problem()));
            case Seen.Gone<StoredRevision> _ -> arrived(new Seen.Gone<>(name));
        }
    }

    private void fetchText(StoredRevision revision) {
        switch (revision.source()) {
            case Source.Whole(String text) -> arrived(revision, new Seen.Value<>("", text, 0));
            case Source.Parts parts -> fetchPart(revision, parts, new ArrayList<>());
        }
    }

    /** The one behind those that have arrived. */
    private void fetchPart(StoredRevision revision, Source.Parts parts, List<byte[]> before) {
        if (before.size() == parts.count()) {
            arrived(revision, sources.join(parts, before));
            return;
        }
        String path = sources.part(parts, before.size());
        loop.read(
                cb -> loop.client().getData().inBackground(cb).forPath(path),
                event -> {
                    if (revision.number() == active) {
                        before.add(WatchLoop.exists(event) ? event.getData() : new byte[0]);
                        fetchPart(revision, parts, before);
                    }
                });
    }

    private void arrived(StoredRevision revision, Seen<String> text) {
        arrived(ConfigStore.whole(Long.toString(revision.number()), revision, text, 0));
    }

    private void arrived(Seen<ConfigRevision> seen) {
        fetching = false;
        WatchLoop.deliver(consumer, seen);
    }
}
