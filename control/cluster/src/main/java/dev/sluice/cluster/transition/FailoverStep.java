package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.transition.Change.Failover;
import dev.sluice.cluster.transition.Change.Fill;
import dev.sluice.cluster.transition.Change.ViewChange;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * From the directors' votes to changes of the view.
 *
 * <p>A proxy that more than half of the directors cannot reach for {@link #UNREACHABLE_MS} fails
 * over; it is filled again once more than half have called it well for {@link #WELL_MS} and it has
 * a session. Never is more than half of a view's weight out by failover: then the votes say more
 * about the directors or the network than about the proxies. (Each director goes around hops that
 * it cannot reach at once, by itself: rule 15. This makes it lasting, and the same everywhere.)
 */
public final class FailoverStep {
    public static final long UNREACHABLE_MS = 5_000;
    public static final long WELL_MS = 30_000;

    private FailoverStep() {}

    /**
     * What the leader remembers of one pool; a new leader begins with {@link #NONE}.
     *
     * @param unreachableSinceMs by proxy in the view
     * @param wellSinceMs by proxy that failed over
     */
    public record Memory(Map<String, Long> unreachableSinceMs, Map<String, Long> wellSinceMs) {
        public static final Memory NONE = new Memory(Map.of(), Map.of());

        public Memory {
            unreachableSinceMs = Map.copyOf(unreachableSinceMs);
            wellSinceMs = Map.copyOf(wellSinceMs);
        }
    }

    /**
     * @param change to be put to {@link Safety#check}
     * @param refusal why proxies that cannot be reached stay in the view
     */
    public record Outcome(Memory memory, Optional<ViewChange> change, Optional<String> refusal) {}

    /**
     * @param nowMs of any clock that goes steadily
     */
    public static Outcome apply(Memory memory, PoolState state, Facts facts, long nowMs) {
        Epoch view = state.pending().orElseGet(state::newest);
        Memory next =
                new Memory(
                        since(
                                view.members().stream().map(Member::proxy).toList(),
                                id -> Votes.on(id, facts).mostlyUnreachable(),
                                memory.unreachableSinceMs(),
                                nowMs),
                        since(
                                failedOver(state, view).stream().map(Proxy::id).toList(),
                                id ->
                                        facts.proxies().containsKey(id)
                                                && Votes.on(id, facts).mostlyReachable(),
                                memory.wellSinceMs(),
                                nowMs));
        List<String> lost = longEnough(next.unreachableSinceMs(), UNREACHABLE_MS, nowMs);
        if (!lost.isEmpty()) {
            return failOver(next, state, view, lost, facts);
        }
        List<String> well = longEnough(next.wellSinceMs(), WELL_MS, nowMs);
        return new Outcome(
                next,
                well.isEmpty() ? Optional.empty() : Optional.of(new Fill(well)),
                Optional.empty());
    }

    private static Outcome failOver(
            Memory memory, PoolState state, Epoch view, List<String> lost, Facts facts) {
        String what =
                lost.stream()
                        .map(id -> Votes.on(id, facts).toString())
                        .collect(Collectors.joining(", "));
        long out = failedOver(state, view).stream().mapToLong(Proxy::weight).sum();
        long all = out + view.members().stream().mapToLong(Member::weight).sum();
        long leaving =
                view.members().stream()
                        .filter(m -> lost.contains(m.proxy()))
                        .mapToLong(Member::weight)
                        .sum();
        return 2 * (out + leaving) > all
                ? new Outcome(
                        memory,
                        Optional.empty(),
                        Optional.of(
                                what
                                        + ": not failed over, more than half of the weight would be"
                                        + " out"))
                : new Outcome(memory, Optional.of(new Failover(lost, what)), Optional.empty());
    }

    private static List<Proxy> failedOver(PoolState state, Epoch view) {
        return state.proxies().stream()
                .filter(p -> p.mark() == Mark.FAILED_OVER && !view.has(p.id()))
                .toList();
    }

    private interface Condition {
        boolean holds(String proxy);
    }

    private static Map<String, Long> since(
            List<String> proxies, Condition condition, Map<String, Long> before, long nowMs) {
        Map<String, Long> since = new HashMap<>();
        for (String proxy : proxies) {
            if (condition.holds(proxy)) {
                since.put(proxy, before.getOrDefault(proxy, nowMs));
            }
        }
        return since;
    }

    private static List<String> longEnough(Map<String, Long> since, long forMs, long nowMs) {
        return since.entrySet().stream()
                .filter(e -> nowMs - e.getValue() >= forMs)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
