package dev.sluice.cluster.l7.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds routes that can never get a request, since one that goes first is for all of theirs.
 * Whether several together take everything is not looked at, and of two regular expressions only
 * that they are the same: what is reported is certain.
 */
final class Unreachable {
    /** Those that went before, by host and by what {@link #keyOf} says of their paths. */
    private final Map<HostPattern, Map<Object, List<Routes.Placed>>> before = new HashMap<>();

    /** Templates of so many segments that begin so. */
    private record Templates(int segments, String prefix) {}

    private enum AnyRegex {
        ANY_REGEX
    }

    /** In the order of rank. */
    void report(List<Routes.Placed> ranked) {
        for (Routes.Placed route : ranked) {
            Optional<Routes.Placed> taker = taker(route.match());
            taker.ifPresentOrElse(first -> report(route, first), () -> add(route));
        }
    }

    private static void report(Routes.Placed route, Routes.Placed taker) {
        boolean same = route.match().covers(taker.match());
        String what =
                same
                        ? "never matches: it is for the same requests as "
                        : "never matches: all of its requests go to ";
        String hint = same ? "remove one of them" : "remove it, or give it a higher 'priority'";
        route.section().problem(what + taker.title(route), "", hint);
    }

    private void add(Routes.Placed route) {
        before.computeIfAbsent(route.match().host(), _ -> new HashMap<>())
                .computeIfAbsent(keyOf(route.match().path()), _ -> new ArrayList<>())
                .add(route);
    }

    private Optional<Routes.Placed> taker(Match match) {
        return hostsAround(match.host())
                .map(before::get)
                .filter(paths -> paths != null)
                .flatMap(paths -> keysAround(match.path()).map(paths::get))
                .filter(routes -> routes != null)
                .flatMap(List::stream)
                .filter(route -> route.match().covers(match))
                .findFirst();
    }

    /** Those that cover it. */
    private static Stream<HostPattern> hostsAround(HostPattern host) {
        List<HostPattern> around = new ArrayList<>(List.of(host));
        String name = host.toString();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            around.add(new HostPattern.Below(name.substring(dot)));
        }
        around.add(new HostPattern.Any());
        return around.stream().distinct();
    }

    private static Object keyOf(PathMatch path) {
        return switch (path) {
            case PathMatch.Like(PathTemplate template) ->
                    new Templates(template.segments().size(), template.literalPrefix());
            case PathMatch.Matching _ -> AnyRegex.ANY_REGEX;
            case PathMatch.Exact _, PathMatch.Prefix _ -> path;
        };
    }

    /** Of all that may cover it. */
    private static Stream<Object> keysAround(PathMatch path) {
        return switch (path) {
            case PathMatch.Prefix(String prefix) -> prefixes(prefix).map(key -> key);
            case PathMatch.Exact(String exact) ->
                    Stream.concat(
                            Stream.of(path, AnyRegex.ANY_REGEX), prefixes(exact, segments(exact)));
            case PathMatch.Like(PathTemplate template) ->
                    prefixes(template.literalPrefix(), template.segments().size());
            case PathMatch.Matching _ -> Stream.of(AnyRegex.ANY_REGEX, PathMatch.all());
        };
    }

    private static int segments(String path) {
        return (int) path.chars().filter(c -> c == '/').count();
    }

    /** And the templates of so many segments. */
    private static Stream<Object> prefixes(String path, int segments) {
        return prefixes(path).flatMap(key -> Stream.of(key, new Templates(segments, key.path())));
    }

    private static Stream<PathMatch.Prefix> prefixes(String path) {
        List<PathMatch.Prefix> all = new ArrayList<>(List.of(new PathMatch.Prefix("/")));
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            all.add(new PathMatch.Prefix(path.substring(0, slash)));
        }
        if (!path.endsWith("/")) {
            all.add(new PathMatch.Prefix(path));
        }
        return all.stream();
    }
}
