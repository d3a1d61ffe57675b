package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Yaml;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

/** Which redirects lead round in a circle, and which are never said to. */
final class RedirectLoopsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "- {redirect: {scheme: https}}",
                "- {path: /old, redirect: {prefix: /old/new}}",
                "- {host: a.org, redirect: {host: a.org, scheme: https}}",
                "- {pathExact: /a, redirect: {path: /a/, code: 301}}\n"
                        + "- {path: /a, redirect: {path: /a}}",
                "- {pathTemplate: '/u/{id}', redirect: {path: '/u/{id}', code: 308}}",
                "- {methods: [GET], path: /x, redirect: {prefix: /x/y}}",
            })
    void aCircleIsReported(String routes) {
        assertThat(RoutesTest.problems(routes))
                .singleElement()
                .asString()
                .containsAnyOf(
                        "sends its clients to itself, again and again",
                        "sends its clients round in a circle with");
    }

    @Test
    void allThatAreInItAreNamed() {
        assertThat(
                        RoutesTest.problems(
                                """
                                - {name: one, path: /1, redirect: {path: /2}}
                                - {name: two, pathExact: /2, redirect: {path: /3}}
                                - {name: three, pathExact: /3, redirect: {path: /1/x}}
                                - {pathExact: /0, redirect: {path: /1}}
                                """))
                .containsExactly(
                        "r.yaml:4:42: routes[1].redirect: sends its clients round in a circle with"
                                + " routes[2] (three), routes[0] (one); narrow the route, e.g. by"
                                + " 'scheme: http' for a redirect to https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- {scheme: http, redirect: {scheme: https}}",
                "- {redirect: {host: www.example.org}}",
                "- {redirect: {host: 'a.org:8443'}}\n- {host: a.org, upstream: a}",
                "- {path: /old, redirect: {prefix: /old/new}}\n- {path: /old/new, upstream: a}",
                "- {path: /old, redirect: {prefix: /old/new}}\n"
                        + "- {pathRegex: '/old/new.*', upstream: a}",
                "- {methods: [POST], path: /x, redirect: {path: /x/y, code: 303}}",
                "- {query: [{name: a}], redirect: {path: /x, query: drop}}",
                "- {cookies: [{name: a}], host: a.org, redirect: {host: b.org}}\n"
                        + "- {cookies: [{name: a}], host: b.org, redirect: {host: a.org}}",
                "- {path: /x, redirect: {regex: x, with: x}}",
                "- {headers: [{name: x-forwarded-proto, is: http}], redirect: {scheme: https}}",
                "- {cookies: [{name: a}], redirect: {scheme: http}}",
                "- {clients: [198.18.0.0/16], host: a.org, redirect: {host: b.org}}\n"
                        + "- {host: b.org, upstream: a}",
            })
    void whatMayEndIsLeftAlone(String routes) {
        assertThat(RoutesTest.problems(routes)).isEmpty();
    }

    @Test
    void aCircleIsFoundAmongTenThousandRoutes() {
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            routes.append(
                    "- {host: p.org, pathExact: /old/%1$d, redirect: {path: /new/%1$d}}\n"
                            .formatted(i));
            routes.append("- {host: h%d.org, redirect: {host: www.h.org}}\n".formatted(i));
        }
        routes.append("- {host: p.org, pathExact: /new/4999, redirect: {path: /old/4999}}\n");
        routes.append("- {host: www.h.org, redirect: {host: h4999.org}}\n");
        assertThat(RoutesTest.problems(routes.toString()))
                .hasSize(2)
                .allMatch(problem -> problem.contains("round in a circle with routes["));
    }

    @Test
    void whereTooManyRoutesWouldHaveToBeAskedNothingIsSaid() {
        StringBuilder routes = new StringBuilder("- {pathExact: /a, redirect: {path: /a/b}}\n");
        for (int i = 0; i < 1_001; i++) {
            routes.append("- {priority: 1, pathRegex: '/x%d', upstream: a}\n".formatted(i));
        }
        routes.append("- {pathExact: /a/b, redirect: {path: /a}}\n");
        assertThat(RoutesTest.problems(routes.toString())).isEmpty();
    }

    /** The only ones that may be met first are those that are not asked. */
    @Test
    void whatIsFoundBeforeAllWereAskedDoesNotCount() {
        StringBuilder routes =
                new StringBuilder(
                        """
                        - {host: p.org, pathExact: /z, scheme: http, redirect: {path: /a/b}}
                        - {pathExact: /a/b, redirect: {scheme: http, host: p.org, path: /z}}
                        - {host: p.org, pathExact: /a/b, scheme: http, upstream: a}
                        """);
        for (int i = 0; i < 1_001; i++) {
            routes.append(
                    ("- {priority: 1, host: p.org, pathExact: /a/b, scheme: https,"
                                    + " headers: [{name: x, is: '%d'}], upstream: a}\n")
                            .formatted(i));
        }
        assertThat(RoutesTest.problems(routes.toString())).isEmpty();
    }

    @Test
    void aCircleIsSaidBesideOtherProblems() {
        assertThat(RoutesTest.problems("- {path: /x, redirect: {prefix: /x/y}}\n- {path: /z}"))
                .hasSize(2)
                .first()
                .asString()
                .contains("sends its clients to itself");
    }

    @Test
    void aRedirectToWhereNobodyListensHereIsNoCircle() {
        String text = "routes: [{redirect: {scheme: https}}]";
        assertThat(
                        Yaml.parse(
                                        "r.yaml",
                                        text,
                                        config -> Routes.read(config, List.of(), Set.of("http")))
                                .problems())
                .isEmpty();
    }
}
