package dev.sluice.cluster.l7.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the first route that requests of some kind may meet, among those whose host and path may be
 * theirs: thousands of routes are not asked one by one.
 */
final class FirstMet {
    /** Of one kind of hosts and paths; where there are more, nothing is known. */
    private static final int MOST_ASKED = 1_000;

    private final List<Routes.Placed> ranked;

    /** By hosts, then by paths: places in {@link #ranked}, in order. */
    private final Branches<Branches<List<Integer>>> places =
            new Branches<>(() -> new Branches<>(ArrayList::new));

    FirstMet(List<Routes.Placed> ranked) {
        this.ranked = ranked;
        for (int i = 0; i < ranked.size(); i++) {
            add(i, ranked.get(i).match());
        }
    }

    private void add(int place, Match match) {
        List<String> path = way(match.path());
        places.add(way(match.host()), paths -> paths.add(path, list -> list.add(place)));
    }

    /** Empty if there is none, or too many would have to be asked. */
    Optional<Routes.Placed> of(Match sent) {
        Search search = new Search(sent);
        List<String> path = way(sent.path());
        places.around(way(sent.host()), paths -> paths.around(path, search::in));
        return search.found();
    }

    private final class Search {
        private final Match sent;
        private int first = ranked.size();
        private int asked;

        Search(Match sent) {
            this.sent = sent;
        }

        void in(List<Integer> list) {
            for (int place : list) {
                if (place >= first || asked++ >= MOST_ASKED) {
                    return;
                }
                Match match = ranked.get(place).match();
                if (match.covers(sent) || !match.isDisjointFrom(sent)) {
                    first = place;
                    return;
                }
            }
        }

        Optional<Routes.Placed> found() {
            boolean known = first < ranked.size() && asked <= MOST_ASKED;
            return known ? Optional.of(ranked.get(first)) : Optional.empty();
        }
    }

    /** From the top of the domain down. */
    private static List<String> way(HostPattern host) {
        return switch (host) {
            case HostPattern.Any _ -> List.of();
            case HostPattern.Exact(String name) -> labels(name);
            case HostPattern.Below(String suffix) -> labels(suffix.substring(1));
        };
    }

    private static List<String> labels(String name) {
        return name.startsWith("[") ? List.of(name) : List.of(name.split("\\.")).reversed();
    }

    /** What is sure of its segments. */
    private static List<String> way(PathMatch path) {
        return switch (path) {
            case PathMatch.Matching _ -> List.of();
            case PathMatch.Exact(String exact) -> segments(exact);
            case PathMatch.Prefix(String prefix) -> segments(prefix);
            case PathMatch.Like(PathTemplate template) -> segments(template.literalPrefix());
        };
    }

    private static List<String> segments(String path) {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }
}
