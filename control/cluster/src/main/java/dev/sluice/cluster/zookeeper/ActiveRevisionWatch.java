package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.RecordProblem;

import org.apache.curator.framework.api.CuratorEvent;

import java.util.function.Consumer;

/** Follows the rollout pointer to the active revision. */
final class ActiveRevisionWatch implements Watch {
    private static final long NONE = 0;

    private final WatchLoop loop;
    private final Layout layout;
    private final Consumer<Seen<ConfigRevision>> consumer;
    private final NodeWatch<ConfigRollout> rollout;

    /** The revision that was asked for last; answers for any other are late. */
    private long active = NONE;

    private boolean fetching;

    ActiveRevisionWatch(WatchLoop loop, Layout layout, Consumer<Seen<ConfigRevision>> consumer) {
        this.loop = loop;
        this.layout = layout;
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
        fetching = false;
        String name = Long.toString(number);
        WatchLoop.deliver(
                consumer,
                WatchLoop.exists(event)
                        ? NodeWatch.decode(Codecs.CONFIG_REVISION, path, name, event.getData(), 0)
                        : new Seen.Corrupt<>(
                                name,
                                new NodeProblem(
                                        path,
                                        new RecordProblem(
                                                "",
                                                "missing, though the rollout names it",
                                                "a stored revision"))));
    }
}
