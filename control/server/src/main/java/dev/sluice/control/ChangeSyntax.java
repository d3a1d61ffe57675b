package dev.sluice.control;

import static java.util.stream.Collectors.joining;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.transition.Change;
import dev.sluice.proto.admin.v1.MemberStatus;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Changes as the admin API carries them, and as people read them. Pure. */
final class ChangeSyntax {
    private static final long MAX_DEADLINE_MS = Duration.ofDays(30).toMillis();

    private ChangeSyntax() {}

    /**
     * Throws {@link IllegalArgumentException} with a text for the one who asked.
     *
     * @param nowUnixMs from which a deadline counts
     */
    static Change parse(dev.sluice.proto.admin.v1.Change change, long nowUnixMs) {
        return switch (change.getKindCase()) {
            case DRAIN ->
                    new Change.Drain(
                            some(change.getDrain().getProxiesList()),
                            deadline(change.getDrain().getDeadlineMs(), nowUnixMs));
            case FILL -> new Change.Fill(some(change.getFill().getProxiesList()));
            case WEIGHT ->
                    new Change.Weigh(
                            weights(change.getWeight().getWeightsList()),
                            deadline(change.getWeight().getDeadlineMs(), nowUnixMs));
            case REPLACE ->
                    new Change.Replace(
                            named(change.getReplace().getOld()),
                            named(change.getReplace().getReplacement()),
                            deadline(change.getReplace().getDeadlineMs(), nowUnixMs));
            case ADD ->
                    new Change.Add(
                            named(change.getAdd().getProxy()),
                            Address.parse(change.getAdd().getAddress()),
                            change.getAdd().getWeight() == 0 ? 1 : change.getAdd().getWeight());
            case REMOVE -> new Change.Remove(named(change.getRemove().getProxy()));
            case ABORT -> new Change.Abort();
            case SETTLE -> new Change.Settle(change.getSettle().getEpoch());
            case CONFIRM_OFF -> new Change.ConfirmOff(named(change.getConfirmOff().getProxy()));
            case HASH_FIELDS ->
                    new Change.Rehash(hashFields(change.getHashFields().getFieldsList()));
            case KIND_NOT_SET -> throw new IllegalArgumentException("no change is named");
        };
    }

    private static Set<HashField> hashFields(List<String> names) {
        EnumSet<HashField> fields = EnumSet.noneOf(HashField.class);
        for (String name : names) {
            HashField field =
                    Arrays.stream(HashField.values())
                            .filter(f -> written(f).equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "hash field "
                                                    + name
                                                    + "; allowed: "
                                                    + written(EnumSet.allOf(HashField.class))));
            if (!fields.add(field)) {
                throw new IllegalArgumentException("hash field " + name + " is named twice");
            }
        }
        return fields;
    }

    private static String written(Set<HashField> fields) {
        return fields.stream().sorted().map(ChangeSyntax::written).collect(joining(", "));
    }

    private static String written(HashField field) {
        return field.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> some(List<String> proxies) {
        if (proxies.isEmpty()) {
            throw new IllegalArgumentException("no proxy is named");
        }
        return proxies.stream().map(ChangeSyntax::named).distinct().toList();
    }

    private static String named(String proxy) {
        if (proxy.isBlank()) {
            throw new IllegalArgumentException("a proxy's name is empty");
        }
        return proxy;
    }

    private static SortedMap<String, Integer> weights(List<MemberStatus> list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException("no proxy is named");
        }
        TreeMap<String, Integer> weights = new TreeMap<>();
        for (MemberStatus one : list) {
            int weight = one.getWeight();
            if (weight < 1 || weight > Proxy.MAX_WEIGHT) {
                throw new IllegalArgumentException(
                        "weight "
                                + weight
                                + " of "
                                + one.getProxy()
                                + "; allowed: 1 to "
                                + Proxy.MAX_WEIGHT
                                + (weight == 0 ? "; to take all from it, drain it" : ""));
            }
            if (weights.put(named(one.getProxy()), weight) != null) {
                throw new IllegalArgumentException(one.getProxy() + " is named twice");
            }
        }
        return weights;
    }

    private static long deadline(long ms, long nowUnixMs) {
        if (ms < 0 || ms > MAX_DEADLINE_MS) {
            throw new IllegalArgumentException(
                    "deadline of " + ms + " ms; allowed: 0 to " + MAX_DEADLINE_MS);
        }
        return ms == 0 ? 0 : nowUnixMs + ms;
    }

    /** When what the change displaces is reset; 0 = never. */
    static long deadlineUnixMs(Change change) {
        return change instanceof Change.ViewChange view ? view.deadlineUnixMs() : 0;
    }

    /** As the audit log says it: the command's name. */
    static String action(Change change) {
        return switch (change) {
            case Change.Drain drain -> "drain";
            case Change.Fill fill -> "fill";
            case Change.Weigh weigh -> "weight";
            case Change.Replace replace -> "replace";
            case Change.Failover failover -> "failover";
            case Change.Add add -> "add";
            case Change.Remove remove -> "remove";
            case Change.Rehash rehash -> "pool hash-fields";
            case Change.Abort abort -> "abort";
            case Change.Settle settle -> "settle";
            case Change.ConfirmOff confirmOff -> "confirm-off";
        };
    }

    /** What a change is about, e.g. {@code proxy-1,proxy-2}; empty = the pool as a whole. */
    static String subject(Change change) {
        return switch (change) {
            case Change.Drain(List<String> proxies, long deadline) -> String.join(",", proxies);
            case Change.Fill(List<String> proxies) -> String.join(",", proxies);
            case Change.Failover(List<String> proxies, String votes) -> String.join(",", proxies);
            case Change.Weigh(SortedMap<String, Integer> weights, long deadline) ->
                    weights.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining(","));
            case Change.Replace(String old, String replacement, long deadline) ->
                    old + "," + replacement;
            case Change.Add(String proxy, Address address, int weight) -> proxy;
            case Change.Remove(String proxy) -> proxy;
            case Change.ConfirmOff(String proxy) -> proxy;
            case Change.Settle(long epoch) -> "epoch " + epoch;
            case Change.Rehash(Set<HashField> fields) -> written(fields);
            case Change.Abort() -> "";
        };
    }

    /** As a person would type it. */
    static String text(Change change) {
        return (action(change) + " " + subject(change).replace(',', ' ')).strip();
    }
}
