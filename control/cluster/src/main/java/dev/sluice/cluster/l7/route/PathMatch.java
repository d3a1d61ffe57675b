package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Section;

import java.util.ArrayList;
import java.util.List;

/**
 * Which paths a route is for. Paths are compared in their normal form: dots resolved, slashes
 * merged, needless {@code %xx} decoded.
 */
public sealed interface PathMatch {
    /** The one that is for all paths. */
    static PathMatch all() {
        return new Prefix("/");
    }

    /**
     * Everything at and below a path.
     *
     * @param path of whole segments: {@code /api} is for {@code /api} and {@code /api/x}, not for
     *     {@code /apix}. Without a slash at the end, except {@code /} itself
     */
    record Prefix(String path) implements PathMatch {
        @Override
        public String toString() {
            return path;
        }
    }

    /** One path; {@code /login/} is another one than {@code /login}. */
    record Exact(String path) implements PathMatch {
        @Override
        public String toString() {
            return "= " + path;
        }
    }

    /** Paths with variable segments. */
    record Like(PathTemplate template) implements PathMatch {
        @Override
        public String toString() {
            return template.toString();
        }
    }

    /** Paths that a regular expression matches as a whole. */
    record Matching(Regex regex) implements PathMatch {
        @Override
        public String toString() {
            return "~ " + regex;
        }
    }

    /** One of four keys; without any, all paths. */
    static PathMatch read(Section section) {
        List<PathMatch> given = new ArrayList<>();
        section.maybe("path", PathSyntax.prefix()).map(Prefix::new).ifPresent(given::add);
        section.maybe("pathExact", PathSyntax.path()).map(Exact::new).ifPresent(given::add);
        section.maybe("pathTemplate", PathTemplate.scalar()).map(Like::new).ifPresent(given::add);
        section.maybe("pathRegex", Regex.scalar()).map(Matching::new).ifPresent(given::add);
        if (given.size() > 1) {
            section.problem(
                    "has more than one kind of path",
                    "one of path, pathExact, pathTemplate, pathRegex",
                    "");
        }
        return given.isEmpty() ? all() : given.getFirst();
    }

    /** Whether it is for a path in its normal form. */
    default boolean matches(String path) {
        return switch (this) {
            case Prefix(String prefix) -> PathSyntax.isBelow(prefix, path);
            case Exact(String exact) -> exact.equals(path);
            case Like(PathTemplate template) -> template.values(path) != null;
            case Matching(Regex regex) -> regex.matches(path);
        };
    }

    /**
     * Whether it certainly is for every path that the other one is for. Of two different regular
     * expressions that is not known: false.
     */
    default boolean covers(PathMatch other) {
        if (equals(other) || equals(all())) {
            return true;
        }
        return switch (other) {
            case Exact(String path) -> matches(path);
            case Prefix(String path) ->
                    this instanceof Prefix(String prefix) && PathSyntax.isBelow(prefix, path);
            case Like(PathTemplate theirs) ->
                    switch (this) {
                        case Prefix(String prefix) ->
                                PathSyntax.isBelow(prefix, theirs.literalPrefix());
                        case Like(PathTemplate template) -> template.covers(theirs);
                        case Exact _, Matching _ -> false;
                    };
            case Matching _ -> false;
        };
    }

    /** Whether certainly no path is for both. */
    default boolean isDisjointFrom(PathMatch other) {
        if (other instanceof Exact(String path)) {
            return !matches(path);
        }
        return switch (this) {
            case Exact(String path) -> !other.matches(path);
            case Prefix(String mine) ->
                    other instanceof Prefix(String theirs)
                            && !PathSyntax.isBelow(mine, theirs)
                            && !PathSyntax.isBelow(theirs, mine);
            case Like(PathTemplate mine) ->
                    other instanceof Like(PathTemplate theirs) && mine.isDisjointFrom(theirs);
            case Matching _ -> false;
        };
    }

    /** How specific it is; higher goes first. */
    default int kind() {
        return switch (this) {
            case Exact _ -> 3;
            case Like _ -> 2;
            case Matching _ -> 1;
            case Prefix _ -> 0;
        };
    }
}
