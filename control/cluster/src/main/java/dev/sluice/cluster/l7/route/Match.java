package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.Comparator;
import java.util.List;

/**
 * Which requests a route is for. Of several that match, the one of the lowest {@link #RANK} gets
 * the request.
 *
 * @param priority higher ones go first, whatever else is said
 * @param conditions all of which must hold
 */
public record Match(int priority, HostPattern host, PathMatch path, List<Condition> conditions) {

    /**
     * Which of two goes first: priority; then an exact host before {@code *.longer.suffix} before
     * {@code *.suffix} before any; then an exact path before a template before a regex before a
     * prefix; of templates the one that has a literal where the other first has a variable; of
     * prefixes the longer one; then the one with more conditions. Equal ones go by the order of the
     * text.
     */
    public static final Comparator<Match> RANK =
            Comparator.comparingInt((Match match) -> match.priority)
                    .thenComparingInt(match -> match.host.rank())
                    .thenComparingInt(match -> match.path.kind())
                    .thenComparing(Match::path, Match::comparePaths)
                    .thenComparingInt(match -> match.conditions.size())
                    .reversed();

    private static final int MOST = 1_000_000;

    public Match {
        conditions = List.copyOf(conditions);
    }

    static Match read(Section route) {
        return new Match(
                route.optional("priority", Scalars.integer(-MOST, MOST), 0),
                route.optional("host", hosts(), new HostPattern.Any()),
                PathMatch.read(route),
                Condition.read(route));
    }

    /** For keys that take the pattern of a host. */
    public static Scalar<HostPattern> hosts() {
        return Scalars.parsed(
                new HostPattern.Any(),
                HostPattern::parse,
                "a host without port, *.domain, or * for any");
    }

    /** Higher is more specific. */
    private static int comparePaths(PathMatch a, PathMatch b) {
        if (a instanceof PathMatch.Prefix(String one)
                && b instanceof PathMatch.Prefix(String other)) {
            return Integer.compare(one.length(), other.length());
        }
        if (a instanceof PathMatch.Like(PathTemplate one)
                && b instanceof PathMatch.Like(PathTemplate other)) {
            return one.compareTo(other);
        }
        return 0;
    }

    /** Whether it certainly is for every request that the other one is for. */
    boolean covers(Match other) {
        return host.covers(other.host)
                && path.covers(other.path)
                && conditions.stream().allMatch(mine -> isImplied(mine, other.conditions));
    }

    private static boolean isImplied(Condition mine, List<Condition> theirs) {
        return theirs.stream().anyMatch(mine::impliedBy);
    }

    /** Whether certainly no request is for both. */
    boolean isDisjointFrom(Match other) {
        return host.isDisjointFrom(other.host)
                || path.isDisjointFrom(other.path)
                || conditions.stream()
                        .anyMatch(mine -> other.conditions.stream().anyMatch(mine::excludes));
    }
}
