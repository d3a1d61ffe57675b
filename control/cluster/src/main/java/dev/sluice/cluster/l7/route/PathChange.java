package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Nearest;
import dev.sluice.cluster.config.Section;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a request's path. What comes out is brought into normal form again, and is
 * refused if it leads above the root.
 */
public sealed interface PathChange {

    /** Nothing. */
    record Keep() implements PathChange {}

    /** Another prefix takes the place of the one that the route is for. */
    record NewPrefix(String prefix) implements PathChange {}

    /** Another path, with the variables of the route's template, or its regex's named groups. */
    record Filled(PathTemplate template) implements PathChange {}

    /**
     * What a regular expression finds is replaced, each time.
     *
     * @param with {@code $1} and <code>${name}</code> stand for groups, {@code $0} for all of it
     */
    record Substituted(Regex regex, String with) implements PathChange {}

    /** Of one mapping's keys {@code prefix}, {@code path}, {@code regex} with {@code with}. */
    static PathChange read(Section section, PathMatch match) {
        List<PathChange> given = new ArrayList<>();
        section.maybe("prefix", PathSyntax.prefix())
                .map(prefix -> newPrefix(section, match, prefix))
                .ifPresent(given::add);
        section.maybe("path", PathTemplate.scalar())
                .map(template -> filled(section, match, template))
                .ifPresent(given::add);
        if (section.has("regex") || section.has("with")) {
            given.add(substituted(section));
        }
        if (given.size() > 1) {
            section.problem("changes the path twice", "one of prefix, path, regex", "");
        }
        return given.isEmpty() ? new Keep() : given.getFirst();
    }

    private static PathChange newPrefix(Section section, PathMatch match, String prefix) {
        if (!(match instanceof PathMatch.Prefix)) {
            section.problem(
                    "prefix",
                    "has no prefix to take the place of",
                    "",
                    "give the route a 'path', or use 'path' or 'regex' here");
        }
        return new NewPrefix(prefix);
    }

    private static PathChange filled(Section section, PathMatch match, PathTemplate template) {
        Set<String> known =
                switch (match) {
                    case PathMatch.Like(PathTemplate from) -> Set.copyOf(from.variables());
                    case PathMatch.Matching(Regex regex) -> regex.groupNames();
                    case PathMatch.Prefix _, PathMatch.Exact _ -> Set.of();
                };
        for (String name : template.variables()) {
            if (!known.contains(name)) {
                section.problem(
                        "path",
                        "has a variable '" + name + "' that the route's path does not have",
                        known.isEmpty() ? "no variables" : String.join(", ", known),
                        Nearest.hint(name, known));
            }
        }
        return new Filled(template);
    }

    private static PathChange substituted(Section section) {
        Regex regex = section.required("regex", Regex.scalar());
        String with = section.required("with", Replacement.scalar());
        Set<String> groups = Replacement.groups(regex);
        for (String name : Replacement.references(with)) {
            if (!groups.contains(name) && section.has("regex")) {
                section.problem(
                        "with",
                        "speaks of a group '" + name + "' that the regex does not have",
                        String.join(", ", groups),
                        "");
            }
        }
        return new Substituted(regex, with);
    }
}
