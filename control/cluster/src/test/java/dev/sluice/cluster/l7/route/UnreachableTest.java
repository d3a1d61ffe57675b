package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Which routes can never get a request, and which are never said to. */
final class UnreachableTest {
    private static final String NEVER = "never matches: all of its requests go to routes[0]";
    private static final String SAME = "never matches: it is for the same requests as routes[0]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{host: a.org, path: /x} {host: A.ORG, path: /x/}",
                "{pathExact: /x} {pathExact: /x}",
                "{pathTemplate: '/u/{id}'} {pathTemplate: '/u/{name}'}",
                "{pathRegex: '/a+'} {pathRegex: '/a+'}",
                "{methods: [GET, HEAD]} {methods: [HEAD, GET]}",
                "{headers: [{name: X, is: '1'}]} {headers: [{name: x, is: '1'}]}",
            })
    void theSameTwice(String routes) {
        assertThat(problems(routes)).singleElement().asString().contains("routes[1]: " + SAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{priority: 1} {host: a.org, path: /x}",
                "{priority: 1, host: '*.org'} {host: a.b.org}",
                "{priority: 1, host: '*.org'} {host: '*.b.org', pathRegex: '/x.*'}",
                "{priority: 1, path: /a} {pathTemplate: '/a/{id}/x'}",
                "{priority: 1, path: /a} {pathExact: /a/}",
                "{priority: 1, pathTemplate: '/{a}/{b}'} {pathTemplate: '/x/{b}'}",
                "{priority: 1, pathTemplate: '/{a}/{b}'} {pathExact: /x/y}",
                "{priority: 1, pathRegex: '/v[0-9]/.*'} {pathExact: /v1/x}",
                "{methods: [GET, HEAD]} {methods: [GET]}",
                "{clients: [198.18.0.0/16]} {clients: [198.18.1.0/24, 198.18.2.0/24]}",
                "{headers: [{name: x}]} {headers: [{name: x, is: '1'}]}",
                "{headers: [{name: x, begins: a}]} {headers: [{name: x, is: ab}]}",
                "{cookies: [{name: x, regex: 'a+'}]} {cookies: [{name: x, is: aaa}]}",
                "{priority: 1, scheme: http} {scheme: http, methods: [PUT]}",
            })
    void whatOneThatGoesFirstTakes(String routes) {
        assertThat(problems(routes)).singleElement().asString().contains("routes[1]: " + NEVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{} {host: a.org, path: /x}",
                "{host: '*.org'} {host: '*.b.org'} {host: b.org}",
                "{priority: 1, host: '*.b.org'} {host: b.org}",
                "{priority: 1, path: /a} {pathExact: /ab}",
                "{priority: 1, path: /a/b} {pathTemplate: '/a/{id}/x'}",
                "{priority: 1, pathTemplate: '/{a}/{b}'} {path: /x/y}",
                "{priority: 1, pathTemplate: '/{a}/x'} {pathTemplate: '/a/{b}'}",
                "{priority: 1, pathTemplate: '/a/{b}'} {pathExact: /a/}",
                "{priority: 1, pathRegex: '/a.*'} {pathRegex: '/ab.*'}",
                "{methods: [GET]} {methods: [GET, HEAD]}",
                "{clients: [198.18.1.0/24]} {clients: [198.18.0.0/16]}",
                "{headers: [{name: x, is: '1'}]} {headers: [{name: x}]}",
                "{headers: [{name: x}]} {cookies: [{name: x}]}",
                "{headers: [{name: x, absent: true}]} {headers: [{name: x}]}",
                "{scheme: http} {scheme: https}",
                "{methods: [GET]} {methods: [PUT]} {}",
                "{priority: 1, methods: [GET]} {}",
            })
    void whatCanStillGetARequestIsLeftAlone(String routes) {
        assertThat(problems(routes)).isEmpty();
    }

    @Test
    void aNameIsSaidAndWhatIsWrongItselfIsNotCompared() {
        assertThat(
                        RoutesTest.problems(
                                """
                                - {name: all, priority: 1, upstream: a}
                                - {path: /x, upstream: b}
                                - {path: x, upstream: b}
                                """))
                .containsExactly(
                        "r.yaml:4:5: routes[1]: never matches: all of its requests go to routes[0]"
                                + " (all); remove it, or give it a higher 'priority'",
                        "r.yaml:5:12: routes[2].path: 'x' is not a path; allowed: / or /segments,"
                                + " without '..', '//', '%', '?' or '#'");
    }

    private static List<String> problems(String routes) {
        return RoutesTest.problems(
                routes.replaceAll("(?<=}) (?=\\{)", "\n")
                        .replaceAll("(?m)}$", ", respond: {status: 200}}")
                        .replace("{,", "{")
                        .replaceAll("(?m)^", "- "));
    }
}
