package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Section;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the routes of a configuration, and checks what they are beside each other. */
public final class Routes {
    private Routes() {}

    /**
     * A route and its place in the text.
     *
     * @param sound whether its match was read without a problem: of others nothing more is said
     * @param soundAction whether all the rest was as well
     */
    record Placed(Route route, Section section, boolean sound, boolean soundAction) {
        Match match() {
            return route.match();
        }

        /** How a problem of another route speaks of it: with its place, if that is elsewhere. */
        String title(Placed other) {
            String place = section.placeBeside(other.section);
            return section.path()
                    + (route.name().isEmpty() ? "" : " (" + route.name() + ")")
                    + (place.isEmpty() ? "" : " at " + place);
        }
    }

    /**
     * Reads the key {@code routes}.
     *
     * @param upstreams names of those that there are
     * @param schemes that requests come by
     * @return in the order of the text
     */
    public static List<Route> read(
            Section config, Collection<String> upstreams, Set<String> schemes) {
        Map<String, String> names = new HashMap<>();
        List<Placed> placed =
                config.optionalSections("routes", section -> place(section, upstreams, names));
        List<Placed> ranked =
                placed.stream()
                        .filter(Placed::sound)
                        .sorted(Comparator.comparing(Placed::match, Match.RANK))
                        .toList();
        new Unreachable().report(ranked);
        new RedirectLoops(ranked, schemes).report();
        return placed.stream().map(Placed::route).toList();
    }

    private static Placed place(
            Section section, Collection<String> upstreams, Map<String, String> names) {
        Match match = Match.read(section);
        boolean sound = section.isSound();
        Route route = Route.read(section, match, upstreams);
        boolean soundAction = section.isSound();
        String first =
                route.name().isEmpty()
                        ? null
                        : names.putIfAbsent(route.name(), section.place("name"));
        if (first != null) {
            section.problem(
                    "name", "is there twice", "", "first at " + first + "; give it another name");
        }
        return new Placed(route, section, sound, soundAction);
    }
}
