package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.cluster.l7.route.Match;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the route of a request: of those that match the first by {@link Match#RANK}. Hosts are
 * looked up, paths lead through a {@link PathTrie}; only routes with the same host and path are
 * tried one after the other. Immutable.
 *
 * @param <T> what a route leads to
 */
public final class RouteTable<T> {
    private final SegmentMap<PathTrie<T>> exact = new SegmentMap<>();

    /** By suffix with its leading dot. */
    private final SegmentMap<PathTrie<T>> below = new SegmentMap<>();

    private final PathTrie<T> any = new PathTrie<>();

    /**
     * Makes one of routes in the order of the text.
     *
     * @param forwarding knows what trusted peers say of clients
     */
    public RouteTable(List<Route> routes, Forwarding forwarding, Function<Route, T> target) {
        List<Route> ranked =
                routes.stream().sorted(Comparator.comparing(Route::match, Match.RANK)).toList();
        for (int rank = 0; rank < ranked.size(); rank++) {
            Route route = ranked.get(rank);
            Match match = route.match();
            Check[] checks =
                    match.conditions().stream()
                            .map(condition ->
                                    Check.of(condition, forwarding, route.cors().isPresent()))
                            .toArray(Check[]::new);
            trie(match.host())
                    .add(
                            match.path(),
                            Candidate.of(rank, match.path(), checks, target.apply(route)));
        }
    }

    private PathTrie<T> trie(HostPattern pattern) {
        return switch (pattern) {
            case HostPattern.Exact(String host) -> exact.computeIfAbsent(host, PathTrie::new);
            case HostPattern.Below(String suffix) -> below.computeIfAbsent(suffix, PathTrie::new);
            case HostPattern.Any() -> any;
        };
    }

    /** Where a request leads, or null; the path {@code *} counts as the root. */
    public @Nullable T find(RequestHead head, Peer peer) {
        String host = head.host();
        String path = head.path().equals("*") ? "/" : head.path();
        Candidate<T> best = find(exact.get(host, 0, host.length()), path, head, peer, null);
        if (!below.isEmpty()) {
            // The longest suffix begins at the first dot.
            for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
                best = find(below.get(host, dot, host.length()), path, head, peer, best);
            }
        }
        best = any.find(path, head, peer, best);
        return best == null ? null : best.target();
    }

    private @Nullable Candidate<T> find(
            @Nullable PathTrie<T> trie,
            String path,
            RequestHead head,
            Peer peer,
            @Nullable Candidate<T> best) {
        return trie == null ? best : trie.find(path, head, peer, best);
    }
}
