package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.transition.Change.Drain;
import dev.sluice.cluster.transition.Change.Failover;
import dev.sluice.cluster.transition.Change.Fill;
import dev.sluice.cluster.transition.Change.Replace;
import dev.sluice.cluster.transition.Change.ViewChange;
import dev.sluice.cluster.transition.Change.Weigh;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The next view while it is written: what changes, one after the other, make of the last one.
 *
 * <p>A change that makes no sense is refused and leaves the draft as it was. Whether the view may
 * be started now is another question: {@link Start}.
 */
final class Draft {
    private final PoolState state;
    private final Facts facts;
    private final long deadlineUnixMs;
    private final List<String> effects = new ArrayList<>();
    private boolean imagining;
    private Map<String, Integer> view;
    private Map<String, Proxy> proxies;

    private Draft(PoolState state, Facts facts, Epoch last, long deadlineUnixMs) {
        this.state = state;
        this.facts = facts;
        this.deadlineUnixMs = deadlineUnixMs;
        this.view = new LinkedHashMap<>();
        last.members().forEach(m -> view.put(m.proxy(), m.weight()));
        this.proxies = new LinkedHashMap<>();
        state.proxies().forEach(p -> proxies.put(p.id(), p));
    }

    /** Begins with the view that is being prepared, else with the newest one. */
    static Draft of(PoolState state, Facts facts, long deadlineUnixMs) {
        return new Draft(state, facts, state.pending().orElseGet(state::newest), deadlineUnixMs);
    }

    /** All changes in order, which share a deadline. */
    Optional<Refused> applyAll(List<ViewChange> changes) {
        for (ViewChange change : changes) {
            Optional<Refused> refused = apply(change);
            if (refused.isPresent()) {
                return refused;
            }
        }
        return Optional.empty();
    }

    Optional<Refused> apply(ViewChange change) {
        Map<String, Integer> viewBefore = new LinkedHashMap<>(view);
        Map<String, Proxy> proxiesBefore = new LinkedHashMap<>(proxies);
        Optional<Refused> refused =
                switch (change) {
                    case Drain drain -> leave(drain.proxies(), "drain", "drains");
                    case Failover failover -> failOver(failover);
                    case Fill fill -> fill(fill.proxies());
                    case Weigh weigh -> weigh(weigh.weights());
                    case Replace replace -> replace(replace.old(), replace.replacement());
                };
        if (refused.isPresent()) {
            view = viewBefore;
            proxies = proxiesBefore;
        }
        return refused;
    }

    /** As {@link #apply}, of a change whose proxies will be well when its turn comes. */
    void imagine(ViewChange change) {
        imagining = true;
        apply(change);
    }

    List<Member> view() {
        return view.entrySet().stream().map(e -> new Member(e.getKey(), e.getValue())).toList();
    }

    /** The registered ones with new marks and, of those in no view, new weights. */
    List<Proxy> proxies() {
        return List.copyOf(proxies.values());
    }

    long deadlineUnixMs() {
        return deadlineUnixMs;
    }

    /** With more to tell in the effect. */
    Draft noting(List<String> notes) {
        effects.addAll(notes);
        return this;
    }

    String effect() {
        return String.join(", ", effects);
    }

    /** Nobody's share of new flows would change. */
    boolean keepsTheView() {
        Map<String, Integer> last = new LinkedHashMap<>();
        state.pending()
                .orElseGet(state::newest)
                .members()
                .forEach(m -> last.put(m.proxy(), m.weight()));
        return view.equals(last);
    }

    private Optional<Refused> leave(List<String> leaving, String verb, String verbs) {
        for (String id : new LinkedHashSet<>(leaving)) {
            Proxy proxy = proxies.get(id);
            if (proxy == null) {
                return Optional.of(unknown(id));
            }
            if (view.remove(id) == null) {
                return Optional.of(alreadyOut(proxy));
            }
            if (view.isEmpty()) {
                return Optional.of(
                        Refused.wrong(
                                id
                                        + " is the last proxy of pool "
                                        + state.name()
                                        + " that takes new connections",
                                "fill another proxy first ('sluice fill PROXY')"));
            }
        }
        effects.add(subject(leaving, verb, verbs));
        return Optional.empty();
    }

    private Optional<Refused> failOver(Failover failover) {
        Optional<Refused> refused = leave(failover.proxies(), "fail over", "fails over");
        if (refused.isEmpty()) {
            effects.set(effects.size() - 1, effects.getLast() + " (" + failover.votes() + ")");
            for (String id : failover.proxies()) {
                proxies.computeIfPresent(
                        id, (i, p) -> p.mark() == Mark.NONE ? p.withMark(Mark.FAILED_OVER) : p);
            }
        }
        return refused;
    }

    private Optional<Refused> fill(List<String> coming) {
        for (String id : new LinkedHashSet<>(coming)) {
            Proxy proxy = proxies.get(id);
            if (proxy == null) {
                return Optional.of(unknown(id));
            }
            Optional<Refused> refused = enter(proxy, proxy.weight());
            if (refused.isPresent()) {
                return refused;
            }
        }
        effects.add(subject(coming, "fill", "fills"));
        return Optional.empty();
    }

    private Optional<Refused> enter(Proxy proxy, int weight) {
        String id = proxy.id();
        if (view.containsKey(id)) {
            State shown = proxy.state() == State.FILLING ? State.FILLING : State.ACTIVE;
            return Optional.of(
                    Refused.wrong(
                            id + " is already " + shown + " in pool " + state.name(),
                            "nothing to do: it takes new connections"));
        }
        Optional<Refused> unfit = unfit(id);
        if (unfit.isPresent()) {
            return unfit;
        }
        view.put(id, weight);
        proxies.put(id, proxy.withMark(Mark.NONE));
        return Optional.empty();
    }

    private Optional<Refused> unfit(String id) {
        if (imagining) {
            return Optional.empty();
        }
        if (!facts.proxies().containsKey(id)) {
            return Optional.of(
                    Refused.notNow(
                                    id + " has no session: it would get connections it cannot take",
                                    "start its proxy process, see that 'sluice status' lists it,"
                                            + " then fill it")
                            .heldBy(List.of(id)));
        }
        Votes votes = Votes.on(id, facts);
        return votes.mostlyUnreachable()
                ? Optional.of(
                        Refused.notNow(
                                        votes + ": it would get connections it cannot take",
                                        "see 'sluice status' for what the directors say against"
                                                + " it")
                                .heldBy(List.of(id)))
                : Optional.empty();
    }

    private Optional<Refused> weigh(SortedMap<String, Integer> weights) {
        boolean changes = false;
        for (Map.Entry<String, Integer> entry : weights.entrySet()) {
            String id = entry.getKey();
            int weight = entry.getValue();
            Proxy proxy = proxies.get(id);
            if (proxy == null) {
                return Optional.of(unknown(id));
            }
            if (weight < 1 || weight > Proxy.MAX_WEIGHT) {
                return Optional.of(badWeight(id, weight));
            }
            changes |= view.getOrDefault(id, proxy.weight()) != weight;
            if (view.replace(id, weight) == null) {
                proxies.put(id, proxy.withWeight(weight));
            }
        }
        String list =
                weights.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .collect(Collectors.joining(", "));
        if (!changes) {
            return Optional.of(
                    Refused.wrong(
                            "the weights are already " + list + " in pool " + state.name(),
                            "nothing to do"));
        }
        effects.add("weights become " + list);
        return Optional.empty();
    }

    private Optional<Refused> replace(String old, String replacement) {
        Proxy comes = proxies.get(replacement);
        if (comes == null) {
            return Optional.of(unknown(replacement));
        }
        // In this order, so that the last proxy can be replaced.
        Optional<Refused> refused =
                enter(comes, view.getOrDefault(old, comes.weight()))
                        .or(() -> leave(List.of(old), "drain", "drains"));
        if (refused.isEmpty()) {
            effects.set(effects.size() - 1, replacement + " replaces " + old);
        }
        return refused;
    }

    static Refused badWeight(String id, int weight) {
        return Refused.wrong(
                "weight " + weight + " of " + id + ": allowed are 1 to " + Proxy.MAX_WEIGHT,
                weight == 0
                        ? "to send it no new connections, drain it ('sluice drain " + id + "')"
                        : "give another weight");
    }

    private Refused alreadyOut(Proxy proxy) {
        boolean draining = state.live().stream().anyMatch(e -> e.has(proxy.id()));
        State shown = draining ? State.DRAINING : proxy.state();
        return Refused.wrong(
                proxy.id() + " is already " + shown + " in pool " + state.name(),
                draining
                        ? "follow it with 'sluice status', or take it back with 'sluice fill "
                                + proxy.id()
                                + "'"
                        : "nothing to do: it takes no new connections");
    }

    private Refused unknown(String proxy) {
        return unknown(state, proxy);
    }

    static Refused unknown(PoolState state, String proxy) {
        return Refused.wrong(
                "pool " + state.name() + " has no proxy '" + proxy + "'",
                "its proxies are "
                        + state.proxies().stream()
                                .map(Proxy::id)
                                .collect(Collectors.joining(", ")));
    }

    private static String subject(List<String> proxies, String verb, String verbs) {
        return String.join(", ", proxies) + " " + (proxies.size() == 1 ? verbs : verb);
    }
}
