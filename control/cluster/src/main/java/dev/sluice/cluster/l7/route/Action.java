package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What becomes of the requests of a route. */
public sealed interface Action permits Action.Forward, Redirect, Respond, StaticFiles {

    /** What a route leads to. */
    String ONE_OF = "one of upstream, split, redirect, respond, files";

    /** They go to servers. */
    record Forward(Split split, Rewrite rewrite) implements Action {}

    /** One of five keys. */
    static Action read(Section route, PathMatch match, Collection<String> upstreams) {
        List<Action> given = new ArrayList<>();
        route.maybe("upstream", Scalars.oneOf(upstreams))
                .map(Split::only)
                .map(split -> forward(route, match, split))
                .ifPresent(given::add);
        if (route.has("split")) {
            given.add(forward(route, match, Split.read(route, upstreams)));
        }
        route.maybeSection("redirect", section -> Redirect.read(section, match))
                .ifPresent(given::add);
        route.maybeSection("respond", Respond::read).ifPresent(given::add);
        route.maybeSection("files", section -> StaticFiles.read(section, match))
                .ifPresent(given::add);
        if (given.size() > 1) {
            route.problem("leads to more than one place", ONE_OF, "");
        }
        return given.isEmpty() ? nowhere(route) : given.getFirst();
    }

    private static Forward forward(Section route, PathMatch match, Split split) {
        return new Forward(
                split,
                route.maybeSection("rewrite", section -> Rewrite.read(section, match))
                        .orElse(Rewrite.NONE));
    }

    private static Action nowhere(Section route) {
        boolean reported =
                Stream.of("redirect", "respond", "upstream", "files").anyMatch(route::has);
        if (!reported) {
            route.problem("leads nowhere", ONE_OF, "");
        }
        return new Forward(Split.only(""), Rewrite.NONE);
    }
}
