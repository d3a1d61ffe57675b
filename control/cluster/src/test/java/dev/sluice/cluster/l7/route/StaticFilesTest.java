package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Optional;

final class StaticFilesTest {
    @Test
    void everyKeyIsRead() {
        assertThat(
                        action(
                                "{root: /srv/www, index: home.html, hidden: true, cacheControl:"
                                        + " no-store, types: {GLB: model/gltf-binary}}"))
                .isEqualTo(
                        new StaticFiles(
                                "/srv/www",
                                "home.html",
                                true,
                                Optional.of("no-store"),
                                Map.of("glb", "model/gltf-binary")));
    }

    @Test
    void aRootIsEnough() {
        assertThat(action("{root: /srv/www}"))
                .isEqualTo(
                        new StaticFiles(
                                "/srv/www", "index.html", false, Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{files: {}} | routes[0].files.root: is missing",
                "{files: {root: www}} | 'www' is not an absolute path; allowed: /…",
                "{files: {root: /w, index: a/b}} | 'a/b' is not the name of a file; allowed: a name"
                        + " without slashes",
                "{files: {root: /w, types: {.css: text/css}}} | is not the ending of a name;"
                        + " allowed: letters and digits, no dot",
                "{pathExact: /a, files: {root: /w}} | routes[0].files: are for routes with a path,"
                        + " whatever is below it; give the route a 'path' in place of another kind",
                "{upstream: a, files: {root: /w}} | leads to more than one place; allowed: one of"
                        + " upstream, split, redirect, respond, files",
                "{files: {root: /w}, rewrite: {prefix: /x}} | routes[0].rewrite: is for routes to"
                        + " upstreams; remove it",
            })
    void whatCannotBeIsRefused(String route, String problem) {
        assertThat(RoutesTest.problems("- " + route)).singleElement().asString().endsWith(problem);
    }

    private static Action action(String keys) {
        String route = "- {path: /x, files: " + keys + "}";
        return RoutesTest.parse(route).orElseThrow().getFirst().action();
    }
}
