package dev.sluice.control;

import dev.sluice.cluster.config.Nearest;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.transition.Change;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * In which pools a command does what. Without a pool's name: in every pool in which it does
 * something, for those of the named proxies for which it does something there. Pure.
 */
final class Scope {
    private final ClusterView view;

    private Scope(ClusterView view) {
        this.view = view;
    }

    /**
     * The change to make in each pool, by the pools' names; at least one.
     *
     * @param pool empty = not named
     */
    static Answer<SortedMap<String, Change>> of(ClusterView view, Change change, String pool) {
        return new Scope(view).of(change, pool);
    }

    private Answer<SortedMap<String, Change>> of(Change change, String pool) {
        if (!pool.isEmpty()) {
            return view.pools().containsKey(pool) ? in(pool, change) : unknownPool(pool);
        }
        return switch (change) {
            case Change.Abort abort ->
                    theOne(
                            change,
                            state -> state.pending().isPresent(),
                            "no pool is preparing a change",
                            "a committed change is taken back by its opposite: drain or fill");
            case Change.Settle(long epoch) ->
                    theOne(
                            change,
                            state -> state.settling().stream().anyMatch(e -> e.id() == epoch),
                            "no pool has a settling epoch " + epoch,
                            "'sluice epochs' shows those there are");
            case Change.Rehash rehash ->
                    theOne(change, state -> true, "there are no pools", "found one first");
            case Change.Add add ->
                    theOne(change, state -> true, "there are no pools", "found one first");
            case Change.Drain(List<String> proxies, long deadline) ->
                    each(change, proxies, Scope::inView, in -> new Change.Drain(in, deadline));
            case Change.Failover(List<String> proxies, String votes) ->
                    each(change, proxies, Scope::inView, in -> new Change.Failover(in, votes));
            case Change.Fill(List<String> proxies) ->
                    each(change, proxies, (s, p) -> !inView(s, p), Change.Fill::new);
            case Change.Weigh(SortedMap<String, Integer> weights, long deadline) ->
                    each(
                            change,
                            List.copyOf(weights.keySet()),
                            (state, id) -> true,
                            in -> new Change.Weigh(only(weights, in), deadline));
            case Change.Replace replace ->
                    each(change, List.of(replace.old()), Scope::inView, in -> change);
            case Change.Remove(String proxy) ->
                    each(change, List.of(proxy), (state, id) -> true, in -> change);
            case Change.ConfirmOff(String proxy) ->
                    each(change, List.of(proxy), (state, id) -> true, in -> change);
        };
    }

    private interface Test {
        boolean holds(PoolState state, String proxy);
    }

    private interface Restricted {
        Change to(List<String> proxies);
    }

    private static boolean inView(PoolState state, String proxy) {
        return state.pending().orElseGet(state::newest).has(proxy);
    }

    private static SortedMap<String, Integer> only(
            SortedMap<String, Integer> weights, List<String> proxies) {
        TreeMap<String, Integer> some = new TreeMap<>(weights);
        some.keySet().retainAll(proxies);
        return some;
    }

    private Answer<SortedMap<String, Change>> each(
            Change change, List<String> proxies, Test doesSomething, Restricted restricted) {
        for (String id : proxies) {
            if (states().noneMatch(state -> state.proxy(id).isPresent())) {
                return unknownProxy(id);
            }
        }
        TreeMap<String, Change> changes = new TreeMap<>();
        states().forEach(state -> {
            List<String> concerned =
                    proxies.stream()
                            .filter(id -> state.proxy(id).isPresent())
                            .filter(id -> doesSomething.holds(state, id))
                            .toList();
            if (!concerned.isEmpty()) {
                changes.put(state.name(), restricted.to(concerned));
            }
        });
        // Where it does nothing anywhere, one pool that has a named proxy says so.
        return changes.isEmpty()
                ? in(
                        states().filter(state -> state.proxy(proxies.getFirst()).isPresent())
                                .findFirst()
                                .orElseThrow()
                                .name(),
                        change)
                : new Answer.Done<>(changes);
    }

    /** A change of one pool, which need not be named if only one can be meant. */
    private Answer<SortedMap<String, Change>> theOne(
            Change change, Predicate<PoolState> meant, String none, String wayOut) {
        List<String> names = states().filter(meant).map(PoolState::name).toList();
        return switch (names.size()) {
            case 0 -> Answer.refused(none, wayOut);
            case 1 -> in(names.getFirst(), change);
            default ->
                    Answer.refused(
                            "several pools can be meant",
                            "name one with --pool: " + String.join(", ", names));
        };
    }

    private static Answer<SortedMap<String, Change>> in(String pool, Change change) {
        TreeMap<String, Change> one = new TreeMap<>();
        one.put(pool, change);
        return new Answer.Done<>(one);
    }

    private Stream<PoolState> states() {
        return view.pools().values().stream().map(ClusterView.Versioned::state);
    }

    private <T> Answer<T> unknownPool(String pool) {
        return unknownPool(pool, view);
    }

    static <T> Answer<T> unknownPool(String pool, ClusterView view) {
        return Answer.unknown(
                "there is no pool '" + pool + "'", known(pool, "pools", view.pools().keySet()));
    }

    private <T> Answer<T> unknownProxy(String proxy) {
        List<String> ids =
                states().flatMap(state -> state.proxies().stream())
                        .map(Proxy::id)
                        .distinct()
                        .sorted()
                        .toList();
        return Answer.unknown("no pool has a proxy '" + proxy + "'", known(proxy, "proxies", ids));
    }

    /** A guess at what was meant, and what there is. */
    static String known(String name, String noun, Collection<String> names) {
        String hint = Nearest.hint(name, names);
        String list =
                names.isEmpty() ? "there are no " + noun : noun + ": " + String.join(", ", names);
        return Optional.of(hint)
                .filter(h -> !h.isEmpty())
                .map(h -> h + " (" + list + ")")
                .orElse(list);
    }
}
