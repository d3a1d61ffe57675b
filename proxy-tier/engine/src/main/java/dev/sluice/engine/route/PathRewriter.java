package dev.sluice.engine.route;

import com.google.re2j.Matcher;

import dev.sluice.cluster.l7.route.PathChange;
import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.PathTemplate;
import dev.sluice.cluster.l7.route.Regex;
import dev.sluice.engine.http.Target;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** A {@link PathChange} made ready. */
final class PathRewriter {
    private final PathMatch match;
    private final PathChange change;

    PathRewriter(PathMatch match, PathChange change) {
        this.match = match;
        this.change = change;
    }

    boolean keeps() {
        return change instanceof PathChange.Keep;
    }

    /**
     * The new path in normal form; null if there is none, as it leads above the root.
     *
     * @param path that the route matches, in normal form
     */
    @Nullable String rewritten(String path) {
        return switch (change) {
            case PathChange.Keep() -> path;
            case PathChange.NewPrefix(String prefix) -> normal(exchanged(path, prefix));
            case PathChange.Filled(PathTemplate template) -> normal(filled(path, template));
            case PathChange.Substituted(Regex regex, String with) ->
                    normal(regex.pattern().matcher(path).replaceAll(with));
        };
    }

    private String exchanged(String path, String prefix) {
        String old = match instanceof PathMatch.Prefix(String matched) ? matched : "/";
        String rest = old.equals("/") ? path : path.substring(old.length());
        String whole = prefix.equals("/") ? rest : prefix + rest;
        return whole.isEmpty() ? "/" : whole;
    }

    private String filled(String path, PathTemplate template) {
        Map<String, String> values =
                switch (match) {
                    case PathMatch.Like(PathTemplate from) -> from.values(path);
                    case PathMatch.Matching(Regex regex) -> groups(regex, path);
                    case PathMatch.Exact _, PathMatch.Prefix _ -> Map.of();
                };
        return template.filled(values == null ? Map.of() : values);
    }

    private static Map<String, String> groups(Regex regex, String path) {
        Matcher matcher = regex.pattern().matcher(path);
        Map<String, String> values = new HashMap<>();
        if (matcher.matches()) {
            for (String name : regex.pattern().namedGroups().keySet()) {
                String value = matcher.group(name);
                values.put(name, value == null ? "" : value);
            }
        }
        return values;
    }

    /** A change may have put a path together that no client could have sent. */
    private static @Nullable String normal(String path) {
        return Target.normal(path);
    }
}
