package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.PathTemplate;
import dev.sluice.cluster.l7.route.Regex;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The routes of one host by the segments of their paths. A look-up goes down as far as the path
 * leads, and asks only routes that may be better than what it has: its cost does not depend on how
 * many routes there are.
 */
final class PathTrie<T> {
    private final SegmentMap<PathTrie<T>> literals = new SegmentMap<>();
    private @Nullable PathTrie<T> variable;

    /** For the path that ends here, in the order of rank. */
    private List<Candidate<T>> here = List.of();

    /** For that and all that are longer, in the order of rank. */
    private List<Candidate<T>> below = List.of();

    /** The lowest rank of all that is here or further down. */
    private int lowest = Integer.MAX_VALUE;

    /** In the order of rank. */
    void add(PathMatch path, Candidate<T> route) {
        PathTrie<T> place = at(path, route.rank());
        boolean ends = path instanceof PathMatch.Exact || path instanceof PathMatch.Like;
        if (ends) {
            place.here = with(place.here, route);
        } else {
            place.below = with(place.below, route);
        }
    }

    /** Most places have none: those share one list. */
    private static <T> List<Candidate<T>> with(List<Candidate<T>> routes, Candidate<T> last) {
        List<Candidate<T>> longer = routes.isEmpty() ? new ArrayList<>(1) : routes;
        longer.add(last);
        return longer;
    }

    private PathTrie<T> at(PathMatch path, int rank) {
        return switch (path) {
            case PathMatch.Exact(String exact) -> down(exact, rank);
            case PathMatch.Prefix(String prefix) -> down(prefix.equals("/") ? "" : prefix, rank);
            case PathMatch.Matching(Regex regex) -> down(RegexAnchor.of(regex), rank);
            case PathMatch.Like(PathTemplate template) -> down(template, rank);
        };
    }

    private PathTrie<T> down(String path, int rank) {
        PathTrie<T> at = passed(rank);
        for (int slash = path.indexOf('/'); slash >= 0; ) {
            int next = path.indexOf('/', slash + 1);
            String segment = path.substring(slash + 1, next < 0 ? path.length() : next);
            at = at.literals.computeIfAbsent(segment, PathTrie::new).passed(rank);
            slash = next;
        }
        return at;
    }

    private PathTrie<T> down(PathTemplate template, int rank) {
        PathTrie<T> at = passed(rank);
        for (PathTemplate.Segment segment : template.segments()) {
            PathTrie<T> next =
                    switch (segment) {
                        case PathTemplate.Literal(String text) ->
                                at.literals.computeIfAbsent(text, PathTrie::new);
                        case PathTemplate.Variable _ -> at.variable();
                    };
            at = next.passed(rank);
        }
        return at;
    }

    private PathTrie<T> variable() {
        PathTrie<T> made = variable == null ? new PathTrie<>() : variable;
        variable = made;
        return made;
    }

    private PathTrie<T> passed(int rank) {
        lowest = Math.min(lowest, rank);
        return this;
    }

    /**
     * The best route of a request.
     *
     * @param path as it is routed on
     * @param best what was found elsewhere, or null
     * @return the best of here, or {@code best} if nothing is better
     */
    @Nullable Candidate<T> find(
            String path, RequestHead head, Peer peer, @Nullable Candidate<T> best) {
        return find(path, 0, head, peer, best);
    }

    private @Nullable Candidate<T> find(
            String path, int at, RequestHead head, Peer peer, @Nullable Candidate<T> best) {
        if (best != null && best.rank() < lowest) {
            return best;
        }
        Candidate<T> found = best;
        if (at == path.length()) {
            found = better(here, path, head, peer, found);
        } else {
            int slash = path.indexOf('/', at + 1);
            int end = slash < 0 ? path.length() : slash;
            PathTrie<T> literal = literals.get(path, at + 1, end);
            if (literal != null) {
                found = literal.find(path, end, head, peer, found);
            }
            if (variable != null && end > at + 1) {
                found = variable.find(path, end, head, peer, found);
            }
        }
        return better(below, path, head, peer, found);
    }

    private static <T> @Nullable Candidate<T> better(
            List<Candidate<T>> routes,
            String path,
            RequestHead head,
            Peer peer,
            @Nullable Candidate<T> best) {
        for (int i = 0; i < routes.size(); i++) {
            Candidate<T> route = routes.get(i);
            if (best != null && best.rank() < route.rank()) {
                return best;
            }
            if (route.isFor(path, head, peer)) {
                return route;
            }
        }
        return best;
    }
}
