package dev.sluice.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.L7Config;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class DifferencesTest {
    private static final String SITE =
            """
            listeners:
              - {name: web, addresses: ["203.0.113.10:80"]}
            routes:
              - {path: /a, upstream: app}
              - {path: /b, upstream: app}
              - {path: /c, upstream: api}
            upstreams:
              - {name: app, balance: least-request, endpoints: ["198.18.3.1:80", "198.18.3.2:80"]}
              - {name: api, endpoints: ["198.18.3.3:80"]}
              - {name: old, endpoints: ["198.18.3.4:80"]}
            """;

    private static Tree tree(String text) {
        return L7Config.tree("site.yaml", text).orElseThrow();
    }

    private static List<String> between(String before, String after) {
        return Differences.between(tree(before), tree(after)).stream()
                .map(DifferencesTest::line)
                .toList();
    }

    private static String line(Difference difference) {
        return difference.kind()
                + " "
                + difference.path()
                + difference.before().map(text -> " - " + text).orElse("")
                + difference.after().map(text -> " + " + text).orElse("");
    }

    @Test
    void commentsOrderOfKeysAndQuotesAreNoDifference() {
        String same =
                SITE.replace("{path: /a, upstream: app}", "{upstream: 'app', \"path\": /a} # first")
                        .replace("listeners:", "# what there is\nlisteners:");
        assertThat(between(SITE, same)).isEmpty();
    }

    @Test
    void aValueIsNamedByItsPathAndElementsByTheirNames() {
        assertThat(
                        between(
                                SITE,
                                SITE.replace("least-request", "round-robin")
                                        .replace("198.18.3.3", "198.18.3.9")))
                .containsExactly(
                        "CHANGED upstreams[app].balance - least-request + round-robin",
                        "CHANGED upstreams[api].endpoints[0] - 198.18.3.3:80 + 198.18.3.9:80");
    }

    @Test
    void elementsBehindANewOneAreTheSameStill() {
        String more =
                SITE.replace("  - {path: /b", "  - {path: /new, upstream: api}\n  - {path: /b");
        assertThat(between(SITE, more))
                .containsExactly("ADDED routes[1].path + /new", "ADDED routes[1].upstream + api");
        assertThat(between(more, SITE))
                .containsExactly(
                        "REMOVED routes[1].path - /new", "REMOVED routes[1].upstream - api");
    }

    @Test
    void aChangedElementBesideARemovedOneIsComparedValueByValue() {
        String next =
                SITE.replace("  - {path: /a, upstream: app}\n", "")
                        .replace("{path: /c, upstream: api}", "{path: /c, upstream: app}");
        assertThat(between(SITE, next))
                .containsExactly(
                        "REMOVED routes[0].path - /a",
                        "REMOVED routes[0].upstream - app",
                        "CHANGED routes[1].upstream - api + app");
    }

    @Test
    void anElementWithANameMovesAsAWhole() {
        String old = "  - {name: old, endpoints: [\"198.18.3.4:80\"]}\n";
        String moved =
                SITE.replace(old, "")
                        .replace("upstreams:\n", "upstreams:\n" + old.replace(":80", ":81"));
        assertThat(between(SITE, moved))
                .containsExactly(
                        "MOVED upstreams[old] - 2 + 0",
                        "CHANGED upstreams[old].endpoints[0] - 198.18.3.4:80 + 198.18.3.4:81");
    }

    @Test
    void whatIsNotAValueAnyMoreIsRemovedAndAdded() {
        String weighted =
                SITE.replace("\"198.18.3.3:80\"", "{address: \"198.18.3.3:80\", weight: 2}");
        assertThat(between(SITE, weighted))
                .containsExactly(
                        "REMOVED upstreams[api].endpoints[0] - 198.18.3.3:80",
                        "ADDED upstreams[api].endpoints[0].address + 198.18.3.3:80",
                        "ADDED upstreams[api].endpoints[0].weight + 2");
    }

    @Test
    void secretsAreToldApartButNeverShown() {
        String one =
                SITE.replace(
                        "{path: /a, upstream: app}",
                        "{path: /a, upstream: app, rewrite:"
                                + " {request: {set: {authorization: hush-one}}}}");
        String two = one.replace("hush-one", "hush-two");
        assertThat(between(one, one)).isEmpty();
        assertThat(between(one, two))
                .containsExactly(
                        "CHANGED routes[0].rewrite.request.set.authorization"
                                + " - (secret) + (secret)");
        assertThat(between(SITE, one).toString()).doesNotContain("hush");
    }

    @Test
    void aTextWithProblemsIsNotCompared() {
        assertThat(L7Config.tree("s", SITE.replace("upstream: app", "upstream: ap")).problems())
                .hasSize(2);
    }

    @Test
    void tenThousandElementsInReverseAreCompared() {
        List<Tree> forward =
                IntStream.range(0, 10_000)
                        .<Tree>mapToObj(i -> new Tree.Leaf(Integer.toString(i), false))
                        .toList();
        List<Difference> found =
                Differences.between(
                        new Tree.Elements(forward), new Tree.Elements(forward.reversed()));
        // Both last ones are in order with nothing else: one stays, all others are written anew.
        assertThat(found.stream().map(Difference::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Difference.Kind.ADDED, Difference.Kind.REMOVED);
        assertThat(found).hasSize(2 * 9_999);
    }

    @Test
    void elementsThatRepeatAreComparedInTheirOrder() {
        assertThat(
                        Differences.between(
                                new Tree.Elements(List.of(leaf("x"), leaf("x"), leaf("y"))),
                                new Tree.Elements(List.of(leaf("x"), leaf("z"), leaf("y")))))
                .containsExactly(
                        new Difference(
                                "[1]",
                                Difference.Kind.CHANGED,
                                Optional.of("x"),
                                Optional.of("z")));
    }

    private static Tree leaf(String text) {
        return new Tree.Leaf(text, false);
    }
}
