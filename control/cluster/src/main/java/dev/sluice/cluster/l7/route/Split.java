package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which upstreams the requests of a route go to.
 *
 * @param shares at least one, of different upstreams, with weights that do not sum to 0
 * @param by whose requests stay together; empty if each is on its own
 */
public record Split(List<Share> shares, Optional<RequestKey> by) {
    private static final int HEAVIEST = 1_000_000;

    public Split {
        shares = List.copyOf(shares);
    }

    /** All requests go to one upstream. */
    public static Split only(String upstream) {
        return new Split(List.of(new Share(upstream, 1)), Optional.empty());
    }

    /**
     * The part of one upstream.
     *
     * @param weight 0 to 1,000,000, beside those of the others
     */
    public record Share(String upstream, int weight) {
        private static Share read(Section section, Collection<String> upstreams) {
            return new Share(
                    section.required("upstream", Scalars.oneOf(upstreams)),
                    section.required("weight", Scalars.integer(0, HEAVIEST)));
        }
    }

    /** Of the route's keys {@code split} and {@code splitBy}. */
    static Split read(Section route, Collection<String> upstreams) {
        Set<String> seen = new HashSet<>();
        List<Share> shares =
                route.sections(
                        "split",
                        section -> {
                            Share share = Share.read(section, upstreams);
                            if (!seen.add(share.upstream)) {
                                section.problem("upstream", "is there twice", "", "add them up");
                            }
                            return share;
                        });
        if (!shares.isEmpty() && shares.stream().allMatch(share -> share.weight == 0)) {
            route.problem("split", "has weights that sum to 0", "", "give one of them a weight");
        }
        Optional<RequestKey> by =
                route.optional("splitBy", RequestKey.scalar("request"), Optional.empty());
        return new Split(shares.isEmpty() ? only("").shares : shares, by);
    }
}
