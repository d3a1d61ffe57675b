package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files of a directory on the proxies: what a request's path says behind the route's own is the
 * file's below the directory.
 *
 * @param root absolute
 * @param index of a directory whose path ends in a slash
 * @param hidden whether names with a dot in front are served
 * @param cacheControl that answers have; empty for none
 * @param types of media by the ending of a name, in lower case; beside the usual ones
 */
public record StaticFiles(
        String root,
        String index,
        boolean hidden,
        Optional<String> cacheControl,
        Map<String, String> types)
        implements Action {
    private static final Pattern ENDING = Pattern.compile("[a-z0-9_+-]{1,32}");

    public StaticFiles {
        types = Map.copyOf(types);
    }

    static StaticFiles read(Section section, PathMatch match) {
        if (!(match instanceof PathMatch.Prefix)) {
            section.problem(
                    "are for routes with a path, whatever is below it",
                    "",
                    "give the route a 'path' in place of another kind");
        }
        return new StaticFiles(
                section.required("root", Scalars.path()),
                section.optional("index", fileName(), "index.html"),
                section.optional("hidden", Scalars.flag(), false),
                section.maybe("cacheControl", FieldSyntax.value()),
                section.optionalSection("types", StaticFiles::types));
    }

    private static Scalar<String> fileName() {
        return Scalars.text()
                .where(
                        name -> name.indexOf('/') < 0 && !name.equals(".") && !name.equals(".."),
                        "is not the name of a file",
                        "a name without slashes");
    }

    private static Map<String, String> types(Section section) {
        Map<String, String> types = new LinkedHashMap<>();
        for (String written : section.keys()) {
            String type = section.required(written, FieldSyntax.value());
            String ending = written.toLowerCase(Locale.ROOT);
            if (!ENDING.matcher(ending).matches()) {
                section.problemOfKey(
                        written, "is not the ending of a name", "letters and digits, no dot", "");
            }
            types.put(ending, type);
        }
        return types;
    }
}
