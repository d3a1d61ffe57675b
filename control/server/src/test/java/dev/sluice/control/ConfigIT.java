package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** L7 configurations: checked, tried by every proxy, active, compared and taken back. */
class ConfigIT extends SmallCluster {
    private static final String ONE =
            """
            listeners:
              - name: web
                addresses: ["203.0.113.10:80"]
            """;
    private static final String TWO = ONE.replace(":80", ":8080");

    private String site(String text) throws IOException {
        return Files.writeString(folder.resolve("site.yaml"), text).toString();
    }

    private Sluice.Result apply(String text) throws IOException {
        return sluice.run("config", "apply", "-f", site(text));
    }

    private String shown() {
        return sluice.run("config", "show").out();
    }

    @Test
    void aRefusalTellsOfAHundredProblems() throws Exception {
        StringBuilder text = new StringBuilder("listeners: []\nroutes:\n");
        for (int i = 0; i < 200; i++) {
            text.append(
                    "  - {path: /%d, upstream: an-upstream-that-nobody-described}\n".formatted(i));
        }
        Path file = Files.writeString(folder.resolve("long.yaml"), text);
        Sluice.Result refused = sluice.run("config", "validate", "-f", file.toString());
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("routes[98].upstream").contains("nobody-described");
    }

    @Test
    void appliesAConfigurationAndRefusesABadOneAsAWhole() throws Exception {
        assertThat(sluice.run("config", "show").exit()).isEqualTo(3);
        String good =
                """
                # as the operator wrote it
                listeners:
                  - name: web
                    addresses: ["203.0.113.10:80"]
                """;
        Path file = Files.writeString(folder.resolve("site.yaml"), good);
        Sluice.Result applied = sluice.run("config", "apply", "-f", file.toString());
        assertThat(applied.exit()).as(applied.err()).isZero();
        assertThat(applied.out()).contains("revision 1 is active");
        assertThat(sluice.run("config", "apply", "-f", file.toString()).out())
                .contains("revision 1 is active already");
        assertThat(sluice.run("config", "show").out()).isEqualTo(good);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("config revision 1"));

        Path bad =
                Files.writeString(
                        folder.resolve("bad.yaml"), "listenrs: []\nlisteners: 7\nroutes: 8\n");
        Sluice.Result refused = sluice.run("config", "apply", "-f", bad.toString());
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err())
                .contains(bad + ":1:1: listenrs: unknown key")
                .contains("listeners: ")
                .contains("routes: ")
                .contains("refused: " + bad + " has 3 problems")
                .contains("what is active stays active");
        assertThat(sluice.run("config", "show").out()).isEqualTo(good);
        assertThat(sluice.run("config", "show", "--revision", "9").err())
                .contains("there is no revision 9");
        assertThat(sluice.run("config", "apply", "-f", "/nonexistent").exit()).isEqualTo(1);
    }

    @Test
    void aConfigurationMayBeLongerThanANodeOfZooKeeper() throws Exception {
        String longOne = ONE + "# a comment\n".repeat(500_000);
        assertThat(apply(longOne).out()).contains("revision 1 is active; tried by p1, p2, p3");
        assertThat(shown()).isEqualTo(longOne);
        assertThat(apply(longOne).out()).contains("is active already");
        assertThat(sluice.run("config", "history").out()).contains(" " + longOne.length());
        assertThat(apply(ONE).exit()).isZero();
        assertThat(sluice.run("config", "rollback").out())
                .contains("revision 1 is active instead of 2; tried by p1, p2, p3");
        Sluice.Result refused = apply(longOne.repeat(3));
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("allowed: up to 16777216");
        assertThat(shown()).isEqualTo(longOne);
    }

    @Test
    void whatOneProxyRefusesIsActiveOnNone() throws Exception {
        assertThat(apply(ONE).out()).contains("revision 1 is active; tried by p1, p2, p3");
        proxies.get(1).refuse("tls.certificate: /etc/web.pem: no such file", "cannot listen");
        for (String command : new String[] {"apply", "validate"}) {
            Sluice.Result refused = sluice.run("config", command, "-f", site(TWO));
            assertThat(refused.exit()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("p2: ")
                    .contains("site.yaml: tls.certificate: /etc/web.pem: no such file")
                    .contains("site.yaml: cannot listen")
                    .contains("has 2 problems")
                    .doesNotContain("p1: ")
                    .contains("what is active stays active");
        }
        assertThat(shown()).isEqualTo(ONE);
        assertThat(sluice.run("config", "history").out().lines()).hasSize(2);
        proxies.get(1).refuse();
        assertThat(sluice.run("config", "validate", "-f", site(TWO)).out())
                .contains("is valid; tried by p1, p2, p3");
        assertThat(shown()).isEqualTo(ONE);
        assertThat(apply(TWO).out()).contains("revision 2 is active");
    }

    @Test
    void aWarningIsToldAndRefusesNothing() throws Exception {
        proxies.get(1).warn("site.yaml: upstreams[0].dns.name: app.internal does not exist");
        String told = "warning: p2: site.yaml: upstreams[0].dns.name: app.internal does not exist";
        for (String command : new String[] {"validate", "apply"}) {
            Sluice.Result done = sluice.run("config", command, "-f", site(ONE));
            assertThat(done.exit()).as(done.err()).isZero();
            assertThat(done.err()).contains(told);
        }
        apply(TWO);
        assertThat(sluice.run("config", "rollback").err()).contains(told);
        Sluice.Result json = sluice.run("config", "validate", "-f", site(TWO), "-o", "json");
        assertThat(json.exit()).isZero();
        assertThat(json.out()).contains("\"warnings\"").contains("p2: site.yaml: upstreams[0]");
        assertThat(json.err()).isEmpty();
    }

    @Test
    void whoeverAppliesLearnsWhenEveryProxyServesIt() throws Exception {
        Sluice.Result first = apply(ONE);
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.err()).containsPattern("served by p1, p2, p3 after ");
        FakeProxy slow = proxies.get(1);
        slow.lagBehind(true, "");
        Sluice.Result late = sluice.run("config", "apply", "-f", site(TWO), "--timeout", "1s");
        assertThat(late.exit()).isEqualTo(1);
        assertThat(late.out()).contains("revision 2 is active");
        assertThat(late.err())
                .contains("revision 2 is not served by all after 1s")
                .contains("served by p1, p3; p2 serves 1")
                .contains("revision 2 stays active; see 'sluice status'");
        assertThat(sluice.run("config", "rollback", "1", "--no-wait").exit()).isZero();
        assertThat(sluice.run("config", "rollback", "2", "--no-wait").exit()).isZero();
        slow.lagBehind(true, "site.yaml: cannot listen");
        Sluice.Result refused = apply(TWO);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("p2: site.yaml: cannot listen")
                .contains("revision 2 stays active");
        slow.close();
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    Sluice.Result without = apply(TWO);
                    assertThat(without.exit()).as(without.err()).isZero();
                    assertThat(without.err()).contains("served by p1, p3 after ");
                });
    }

    @Test
    void aProxyThatDoesNotAnswerHoldsItUpUntilItIsGone() throws Exception {
        proxies.get(2).fallSilent();
        Sluice.Result held = apply(ONE);
        assertThat(held.exit()).isEqualTo(3);
        assertThat(held.err()).contains("p3: no answer within 12 s; see its log, or stop it");
        proxies.get(2).close();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(apply(ONE).out()).contains("is active; tried by p1, p2\n"));
    }

    @Test
    void aRollbackLeadsBackAndTwiceForthAgain() throws Exception {
        assertThat(sluice.run("config", "rollback").err())
                .contains("no other configuration was active before");
        apply(ONE);
        apply(TWO);
        assertThat(sluice.run("config", "diff", "1").out())
                .contains("--- revision 2\n+++ revision 1\n")
                .contains("-    addresses: [\"203.0.113.10:8080\"]\n")
                .contains("+    addresses: [\"203.0.113.10:80\"]\n");
        assertThat(sluice.run("config", "diff", "-f", site(TWO)).out()).isEmpty();
        proxies.getFirst().refuse("cannot listen");
        assertThat(sluice.run("config", "rollback").exit()).isEqualTo(3);
        assertThat(shown()).isEqualTo(TWO);
        proxies.getFirst().refuse();
        assertThat(sluice.run("config", "rollback").out())
                .contains("revision 1 is active instead of 2; tried by p1, p2, p3");
        assertThat(shown()).isEqualTo(ONE);
        assertThat(sluice.run("config", "history").out())
                .containsPattern("2 +before ")
                .containsPattern("1 +active ");
        assertThat(sluice.run("config", "rollback").out())
                .contains("revision 2 is active instead of 1");
        assertThat(sluice.run("config", "rollback", "2").err())
                .contains("revision 2 is active already");
        assertThat(sluice.run("config", "rollback", "9").err())
                .contains("there is no revision 9")
                .contains("sluice config history");
        assertThat(sluice.run("events").out())
                .containsPattern("config-rollback .*site.yaml +revision 1 active, before it 2");
    }

    @Test
    void aDiffInJsonNamesEveryValue() throws Exception {
        apply(ONE);
        apply(TWO);
        String file =
                site(
                        "# another\n"
                                + TWO
                                + """
                                upstreams:
                                  - {name: app, endpoints: ["198.18.3.1:80"]}
                                routes:
                                  - upstream: app
                                    rewrite: {request: {set: {authorization: hush}}}
                                """);
        Sluice.Result diff = sluice.run("config", "diff", "-f", file, "-o", "json");
        assertThat(diff.exit()).as(diff.err()).isZero();
        assertThat(compact(diff))
                .contains("\"before\":{\"revision\":2,\"origin\":\"")
                .contains("\"after\":{\"revision\":0,\"origin\":\"" + file)
                .contains(difference("upstreams[app].endpoints[0]", "added", "198.18.3.1:80"))
                .contains(
                        difference(
                                "routes[0].rewrite.request.set.authorization", "added", "(secret)"))
                .doesNotContain("hush")
                .endsWith("\"left_out\":0}");
        assertThat(compact(sluice.run("config", "diff", "1", "-o", "json")))
                .contains(
                        "\"kind\":\"changed\",\"before\":\"203.0.113.10:8080\",\"after\":\"203.0.113.10:80\"");
        assertThat(compact(sluice.run("config", "diff", "1", "--from", "1", "-o", "json")))
                .contains("\"differences\":[]");
        assertThat(sluice.run("config", "diff", "9", "-o", "json").err())
                .contains("there is no revision 9");
        Sluice.Result bad = sluice.run("config", "diff", "-f", site("listenrs: []"), "-o", "json");
        assertThat(bad.exit()).isEqualTo(3);
        assertThat(bad.err()).contains("listenrs: unknown key").contains("without '-o json'");
    }

    private static String compact(Sluice.Result result) {
        return result.out().replaceAll("\\s", "");
    }

    private static String difference(String path, String kind, String after) {
        return "{\"path\":\"%s\",\"kind\":\"%s\",\"before\":null,\"after\":\"%s\"}"
                .formatted(path, kind, after);
    }
}
