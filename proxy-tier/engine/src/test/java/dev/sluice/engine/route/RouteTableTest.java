package dev.sluice.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.cluster.l7.route.Route;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

final class RouteTableTest {
    private static final RouteTable<String> TABLE =
            new RouteTable<>(
                    List.of(
                            route("*", "/", "any"),
                            route("*", "/only-any", "only-any"),
                            route("www.example.org", "/", "www"),
                            route("www.example.org", "/api", "api"),
                            route("www.example.org", "/api/v2", "v2"),
                            route("*.example.org", "/", "below"),
                            route("*.deep.example.org", "/x", "deep"),
                            route("bare.example.net", "/x", "bare-x")),
                    Route::upstream);

    @ParameterizedTest
    @CsvSource({
        "www.example.org, /, www",
        "www.example.org, /api, api",
        "www.example.org, /api/, api",
        "www.example.org, /api/v1, api",
        "www.example.org, /apix, www",
        "www.example.org, /api/v2/y, v2",
        "www.example.org, /api/v23, api",
        "www.example.org, *, www",
        "www.example.org, /only-any, www",
        "a.example.org, /, below",
        "b.a.example.org, /, below",
        "a.deep.example.org, /x/y, deep",
        "a.deep.example.org, /y, below",
        "deep.example.org, /x, below",
        "example.org, /, any",
        "xexample.org, /, any",
        "bare.example.net, /x, bare-x",
        "bare.example.net, /y, any",
        "198.18.0.1, /only-any/z, only-any",
    })
    void theMostSpecificRouteWins(String host, String path, String upstream) {
        assertThat(TABLE.find(host, path)).isEqualTo(upstream);
    }

    @Test
    void withoutARouteThereIsNone() {
        RouteTable<String> table =
                new RouteTable<>(List.of(route("a", "/x", "x")), Route::upstream);
        assertThat(table.find("a", "/y")).isNull();
        assertThat(table.find("b", "/x")).isNull();
    }

    private static Route route(String host, String path, String upstream) {
        return new Route(
                HostPattern.parse(host), path, upstream, Optional.empty(), Optional.empty());
    }
}
