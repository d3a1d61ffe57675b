package dev.sluice.cluster.l7.route;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds redirects that send clients round in a circle. Only where it is certain: each leads to
 * hosts that are surely served here, and all that it sends away meets the same next route.
 */
final class RedirectLoops {
    private final List<Routes.Placed> ranked;
    private final Set<String> schemes;
    private final FirstMet firstMet;
    private final Map<Routes.Placed, Routes.Placed> next = new HashMap<>();

    /**
     * Looks at a configuration.
     *
     * @param schemes that requests come by
     */
    RedirectLoops(List<Routes.Placed> ranked, Set<String> schemes) {
        this.ranked = ranked;
        this.schemes = schemes;
        firstMet = new FirstMet(ranked);
    }

    void report() {
        for (Routes.Placed route : ranked) {
            if (route.route().action() instanceof Redirect redirect && route.soundAction()) {
                Routes.Placed to = next(route.match(), redirect);
                if (to != null && to.route().action() instanceof Redirect) {
                    next.put(route, to);
                }
            }
        }
        Set<Routes.Placed> seen = new HashSet<>();
        for (Routes.Placed route : ranked) {
            Set<Routes.Placed> way = new HashSet<>();
            Routes.Placed at = route;
            while (at != null && seen.add(at)) {
                way.add(at);
                at = next.get(at);
            }
            if (at != null && way.contains(at)) {
                report(at);
            }
        }
    }

    private void report(Routes.Placed start) {
        List<String> others = new ArrayList<>();
        for (Routes.Placed at = next.get(start);
                at != null && !at.equals(start);
                at = next.get(at)) {
            others.add(at.title(start));
        }
        String what =
                others.isEmpty()
                        ? "sends its clients to itself, again and again"
                        : "sends its clients round in a circle with " + String.join(", ", others);
        start.section()
                .problem(
                        "redirect",
                        what,
                        "",
                        "narrow the route, e.g. by 'scheme: http' for a redirect to https");
    }

    /** The route that meets all that a redirect sends away; null if that is not certain. */
    private Routes.@Nullable Placed next(Match from, Redirect redirect) {
        boolean elsewhere = redirect.authority().isPresent();
        return sent(from, redirect)
                .flatMap(sent -> firstMet.of(sent).filter(route -> route.match().covers(sent)))
                .filter(route -> !elsewhere || route.match().host() instanceof HostPattern.Exact)
                .orElse(null);
    }

    /** What the requests are like that come of it; empty if that is not known. */
    private Optional<Match> sent(Match from, Redirect redirect) {
        Optional<String> host = redirect.host();
        boolean port = !host.equals(redirect.authority());
        boolean unserved =
                redirect.scheme().filter(scheme -> !schemes.contains(scheme)).isPresent();
        if (port || unserved) {
            return Optional.empty();
        }
        HostPattern to = host.map(HostPattern::parse).orElse(from.host());
        return path(from.path(), redirect.path())
                .map(path -> new Match(0, to, path, conditions(from, redirect)));
    }

    private static Optional<PathMatch> path(PathMatch from, PathChange change) {
        return switch (change) {
            case PathChange.Keep _ -> Optional.of(from);
            case PathChange.NewPrefix(String prefix) -> Optional.of(new PathMatch.Prefix(prefix));
            case PathChange.Filled(PathTemplate template) when template.variables().isEmpty() ->
                    Optional.of(new PathMatch.Exact(template.toString()));
            case PathChange.Filled(PathTemplate template) when from instanceof PathMatch.Like ->
                    Optional.of(new PathMatch.Like(template));
            case PathChange.Filled _, PathChange.Substituted _ -> Optional.empty();
        };
    }

    /** Those that surely hold again. */
    private static List<Condition> conditions(Match from, Redirect redirect) {
        List<Condition> all = new ArrayList<>();
        redirect.scheme()
                .map(scheme -> new Condition.Secure(scheme.equals("https")))
                .ifPresent(all::add);
        for (Condition condition : from.conditions()) {
            boolean again =
                    switch (condition) {
                        // After 301 to 303 a client may ask by GET for what it had posted.
                        case Condition.Methods(Set<String> names) ->
                                redirect.code() > 303 || Set.of("GET", "HEAD").containsAll(names);
                        case Condition.Secure _ -> redirect.scheme().isEmpty();
                        case Condition.Clients _ -> true;
                        // Another scheme may be said in a field (X-Forwarded-Proto), or hide a
                        // cookie (Secure).
                        case Condition.Carries(Condition.Source source, String _, ValueMatch _) ->
                                source == Condition.Source.QUERY
                                        ? redirect.keepQuery()
                                        : redirect.authority().isEmpty()
                                                && redirect.scheme().isEmpty();
                    };
            if (again) {
                all.add(condition);
            }
        }
        return all;
    }
}
