package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.proto.cluster.v1.QueuedChange;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link ChangeQueue} to and from its message. */
final class ChangeQueues {
    private ChangeQueues() {}

    static dev.sluice.proto.cluster.v1.ChangeQueue write(ChangeQueue queue) {
        var builder =
                dev.sluice.proto.cluster.v1.ChangeQueue.newBuilder().setNextId(queue.nextId());
        queue.changes().forEach(c -> builder.addChanges(write(c)));
        return builder.build();
    }

    private static QueuedChange write(ChangeQueue.QueuedChange queued) {
        var builder =
                QueuedChange.newBuilder()
                        .setId(queued.id())
                        .setActor(queued.actor())
                        .setUnixMs(queued.unixMs());
        switch (queued.change()) {
            case Change.Drain(List<String> proxies, long deadline) ->
                    builder.getDrainBuilder().addAllProxies(proxies).setDeadlineUnixMs(deadline);
            case Change.Fill(List<String> proxies) ->
                    builder.getFillBuilder().addAllProxies(proxies);
            case Change.Weigh(SortedMap<String, Integer> weights, long deadline) ->
                    builder.getWeighBuilder().putAllWeights(weights).setDeadlineUnixMs(deadline);
            case Change.Replace(String old, String replacement, long deadline) ->
                    builder.getReplaceBuilder()
                            .setOld(old)
                            .setReplacement(replacement)
                            .setDeadlineUnixMs(deadline);
            case Change.Failover(List<String> proxies, String votes) ->
                    builder.getFailoverBuilder().addAllProxies(proxies).setVotes(votes);
            case Change.Add add ->
                    builder.getAddBuilder()
                            .setProxy(add.proxy())
                            .setAddress(ByteString.copyFrom(add.address().bytes()))
                            .setWeight(add.weight());
            case Change.Remove(String proxy) -> builder.getRemoveBuilder().setProxy(proxy);
            case Change.Settle(long epoch) -> builder.getSettleBuilder().setEpoch(epoch);
            case Change.ConfirmOff(String proxy) -> builder.getConfirmOffBuilder().setProxy(proxy);
            case Change.Rehash rehash ->
                    throw new IllegalArgumentException("never queued: " + rehash);
            case Change.Abort() -> builder.setAbort(QueuedChange.Abort.getDefaultInstance());
        }
        return builder.build();
    }

    static ChangeQueue read(String name, dev.sluice.proto.cluster.v1.ChangeQueue proto) {
        Strict.check(
                proto.getChangesCount() <= ChangeQueue.MAX_CHANGES,
                "changes",
                proto.getChangesCount(),
                "at most " + ChangeQueue.MAX_CHANGES);
        long nextId = Strict.atLeast("next_id", proto.getNextId(), 1);
        Strict.Once<Long> ids = new Strict.Once<>();
        List<ChangeQueue.QueuedChange> changes = new ArrayList<>();
        for (int i = 0; i < proto.getChangesCount(); i++) {
            String field = "changes[" + i + "]";
            QueuedChange queued = proto.getChanges(i);
            ids.check(field + ".id", queued.getId());
            Strict.check(
                    queued.getId() >= 1 && queued.getId() < nextId,
                    field + ".id",
                    queued.getId(),
                    "1 to " + (nextId - 1));
            changes.add(
                    new ChangeQueue.QueuedChange(
                            queued.getId(),
                            change(field, queued),
                            queued.getActor(),
                            Strict.atLeast(field + ".unix_ms", queued.getUnixMs(), 0)));
        }
        return new ChangeQueue(nextId, changes);
    }

    private static Change change(String field, QueuedChange queued) {
        return switch (queued.getChangeCase()) {
            case DRAIN ->
                    new Change.Drain(
                            names(field, queued.getDrain().getProxiesList()),
                            deadline(field, queued.getDrain().getDeadlineUnixMs()));
            case FILL -> new Change.Fill(names(field, queued.getFill().getProxiesList()));
            case WEIGH ->
                    new Change.Weigh(
                            weights(field, queued.getWeigh()),
                            deadline(field, queued.getWeigh().getDeadlineUnixMs()));
            case REPLACE ->
                    new Change.Replace(
                            Strict.name(field + ".old", queued.getReplace().getOld()),
                            Strict.name(
                                    field + ".replacement", queued.getReplace().getReplacement()),
                            deadline(field, queued.getReplace().getDeadlineUnixMs()));
            case FAILOVER ->
                    new Change.Failover(
                            names(field, queued.getFailover().getProxiesList()),
                            queued.getFailover().getVotes());
            case ADD ->
                    new Change.Add(
                            Strict.name(field + ".proxy", queued.getAdd().getProxy()),
                            Strict.address(field + ".address", queued.getAdd().getAddress()),
                            weight(field, queued.getAdd().getWeight()));
            case REMOVE ->
                    new Change.Remove(Strict.name(field + ".proxy", queued.getRemove().getProxy()));
            case SETTLE ->
                    new Change.Settle(
                            Strict.atLeast(field + ".epoch", queued.getSettle().getEpoch(), 0));
            case CONFIRM_OFF ->
                    new Change.ConfirmOff(
                            Strict.name(field + ".proxy", queued.getConfirmOff().getProxy()));
            case ABORT -> new Change.Abort();
            case CHANGE_NOT_SET ->
                    throw new Strict.Invalid(
                            new RecordProblem(field, "no change", "one that this version knows"));
        };
    }

    private static List<String> names(String field, List<String> names) {
        Strict.check(!names.isEmpty(), field + ".proxies", "none", "at least one");
        Strict.Once<String> once = new Strict.Once<>();
        for (String name : names) {
            once.check(field + ".proxies", Strict.name(field + ".proxies", name));
        }
        return names;
    }

    private static SortedMap<String, Integer> weights(String field, QueuedChange.Weigh weigh) {
        Strict.check(weigh.getWeightsCount() > 0, field + ".weights", "none", "at least one");
        SortedMap<String, Integer> weights = new TreeMap<>();
        weigh.getWeightsMap()
                .forEach((proxy, weight) ->
                        weights.put(Strict.name(field + ".weights", proxy), weight(field, weight)));
        return weights;
    }

    private static int weight(String field, int weight) {
        return Strict.between(field + ".weight", weight, 1, Proxy.MAX_WEIGHT);
    }

    private static long deadline(String field, long unixMs) {
        return Strict.atLeast(field + ".deadline_unix_ms", unixMs, 0);
    }
}
