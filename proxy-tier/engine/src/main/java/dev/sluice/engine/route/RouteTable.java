package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.cluster.l7.route.Route;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds the most specific route of a request; see {@link Route} for the order. Immutable.
 *
 * @param <T> what a route leads to
 */
public final class RouteTable<T> {
    private final Map<String, PathTable<T>> exact = new HashMap<>();

    /** By suffix with its leading dot. */
    private final Map<String, PathTable<T>> below = new HashMap<>();

    private final PathTable<T> any = new PathTable<>();

    public RouteTable(List<Route> routes, Function<Route, T> target) {
        for (Route route : routes) {
            table(route.host()).add(route.pathPrefix(), target.apply(route));
        }
    }

    private PathTable<T> table(HostPattern pattern) {
        return switch (pattern) {
            case HostPattern.Exact(String host) ->
                    exact.computeIfAbsent(host, _ -> new PathTable<>());
            case HostPattern.Below(String suffix) ->
                    below.computeIfAbsent(suffix, _ -> new PathTable<>());
            case HostPattern.Any() -> any;
        };
    }

    /**
     * Where a request leads, or null.
     *
     * @param host in lower case, without port
     * @param path normalised; {@code *} counts as the root
     */
    public @Nullable T find(String host, String path) {
        String routed = path.equals("*") ? "/" : path;
        T found = find(exact.get(host), routed);
        // The longest suffix begins at the first dot.
        for (int dot = host.indexOf('.'); found == null && dot >= 0 && !below.isEmpty(); ) {
            found = find(below.get(host.substring(dot)), routed);
            dot = host.indexOf('.', dot + 1);
        }
        return found != null ? found : any.find(routed);
    }

    private @Nullable T find(@Nullable PathTable<T> table, String path) {
        return table == null ? null : table.find(path);
    }
}
