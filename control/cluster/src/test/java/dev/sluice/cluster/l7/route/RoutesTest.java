package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Yaml;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class RoutesTest {
    @Test
    void everyKeyOfAMatchIsRead() {
        assertThat(
                        only("""
                        - name: beta
                          priority: -5
                          host: "*.example.org"
                          pathTemplate: /users/{id}/posts
                          scheme: https
                          methods: [GET, HEAD]
                          clients: [198.18.0.0/16]
                          headers:
                            - {name: X-Beta, is: "1"}
                            - {name: x-old, absent: true}
                          cookies: [{name: session, begins: b}]
                          query: [{name: v, regex: "[0-9]+"}, {name: debug}]
                          upstream: a
                        """)
                                .match())
                .isEqualTo(
                        new Match(
                                -5,
                                new HostPattern.Below(".example.org"),
                                new PathMatch.Like(PathTemplate.parse("/users/{id}/posts")),
                                List.of(
                                        new Condition.Methods(Set.of("GET", "HEAD")),
                                        new Condition.Secure(true),
                                        new Condition.Clients(
                                                List.of(AddressBlock.parse("198.18.0.0/16"))),
                                        header("x-beta", new ValueMatch.Is("1")),
                                        header("x-old", new ValueMatch.Absent()),
                                        new Condition.Carries(
                                                Condition.Source.COOKIE,
                                                "session",
                                                new ValueMatch.Begins("b")),
                                        new Condition.Carries(
                                                Condition.Source.QUERY,
                                                "v",
                                                new ValueMatch.Matching(Regex.of("[0-9]+"))),
                                        new Condition.Carries(
                                                Condition.Source.QUERY,
                                                "debug",
                                                new ValueMatch.Present()))));
    }

    private static Condition header(String name, ValueMatch value) {
        return new Condition.Carries(Condition.Source.HEADER, name, value);
    }

    @Test
    void everyKeyOfAnActionIsRead() {
        assertThat(
                        only("""
                        - path: /api
                          split: [{upstream: a, weight: 95}, {upstream: b, weight: 5}]
                          splitBy: cookie session
                          rewrite:
                            prefix: /v2/
                            host: inner.example.org:8080
                            request:
                              remove: [X-Debug]
                              set: {X-Tier: edge}
                              add: {via: sluice}
                            response:
                              set: {strict-transport-security: max-age=31536000}
                        """)
                                .action())
                .isEqualTo(
                        new Action.Forward(
                                new Split(
                                        List.of(new Split.Share("a", 95), new Split.Share("b", 5)),
                                        Optional.of(
                                                new RequestKey.Carried(
                                                        Condition.Source.COOKIE, "session"))),
                                new Rewrite(
                                        new PathChange.NewPrefix("/v2"),
                                        Optional.of("inner.example.org:8080"),
                                        new FieldChanges(
                                                List.of("x-debug"),
                                                Map.of("x-tier", "edge"),
                                                Map.of("via", "sluice")),
                                        new FieldChanges(
                                                List.of(),
                                                Map.of(
                                                        "strict-transport-security",
                                                        "max-age=31536000"),
                                                Map.of()))));
        assertThat(
                        only("""
                        - pathRegex: "/(?P<year>[0-9]{4})/.*"
                          redirect:
                            {code: 308, scheme: https, host: a.org, path: "/y/{year}",
                             query: drop}
                        """)
                                .action())
                .isEqualTo(
                        new Redirect(
                                308,
                                Optional.of("https"),
                                Optional.of("a.org"),
                                new PathChange.Filled(PathTemplate.parse("/y/{year}")),
                                false));
        assertThat(only("- respond: {status: 503, body: later, contentType: text/html}").action())
                .isEqualTo(new Respond(503, "later", "text/html"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.org:0 | has a port that there is not",
                "a.org:65536 | has a port that there is not",
                "a.org:080 | has a port that there is not",
                "a.org: | has a port that there is not",
                "'*.a.org' | is no host",
                "'http://a.org' | is no host",
                "'[2001:db8::1]:0' | has a port that there is not",
            })
    void aHostThatNobodyCanBeSentToIsRefused(String host, String what) {
        assertThat(problems("- {redirect: {host: '" + host + "'}}"))
                .singleElement()
                .asString()
                .contains(
                        "redirect.host: '"
                                + host
                                + "' "
                                + what
                                + "; allowed: a host, or host:port with a port from 1 to 65535");
    }

    @Test
    void whatIsWrongIsSaidAtOnceWithItsPlace() {
        assertThat(
                        problems(
                                """
                                - {path: /a, pathExact: /b, upstream: a}
                                - {pathRegex: "(", upstream: aa}
                                - {path: /d}
                                - {path: /e, upstream: a, respond: {status: 204, body: x}}
                                - {path: /f, split: [{upstream: a, weight: 0}, {upstream: b, weight: 0}]}
                                - {path: /g, split: [{upstream: a, weight: 1}, {upstream: a, weight: 1}]}
                                - {name: x, path: /h, upstream: a, splitBy: client}
                                - {name: x, path: /i, respond: {status: 200}, buffer: {}}
                                - {path: /j, upstream: a, methods: [GETT], headers: [{name: "a b"}]}
                                """))
                .containsExactly(
                        "r.yaml:3:5: routes[0]: has more than one kind of path; allowed: one of"
                                + " path, pathExact, pathTemplate, pathRegex",
                        "r.yaml:4:17: routes[1].pathRegex: '(' is refused by RE2: missing closing"
                                + " ): `(`",
                        "r.yaml:4:32: routes[1].upstream: 'aa' is not allowed; allowed: a, b;"
                                + " did you mean 'a'?",
                        "r.yaml:5:5: routes[2]: leads nowhere; allowed: one of upstream, split,"
                                + " redirect, respond, files",
                        "r.yaml:6:5: routes[3]: leads to more than one place; allowed: one of"
                                + " upstream, split, redirect, respond, files",
                        "r.yaml:6:58: routes[3].respond.body: 'x' cannot be sent with status 204",
                        "r.yaml:7:23: routes[4].split: has weights that sum to 0; give one of"
                                + " them a weight",
                        "r.yaml:8:61: routes[5].split[1].upstream: 'a' is there twice; add them"
                                + " up",
                        "r.yaml:9:47: routes[6].splitBy: 'client' has nothing to split; remove"
                                + " it",
                        "r.yaml:10:12: routes[7].name: 'x' is there twice; first at r.yaml:9:12;"
                                + " give it another name",
                        "r.yaml:10:57: routes[7].buffer: is for routes to upstreams; remove it",
                        "r.yaml:11:39: routes[8].methods[0]: 'GETT' is not allowed; allowed: GET,"
                                + " HEAD, POST, PUT, PATCH, DELETE, OPTIONS;"
                                + " did you mean 'GET'?",
                        "r.yaml:11:63: routes[8].headers[0].name: 'a b' is not the name of a"
                                + " header field");
    }

    @ParameterizedTest
    @CsvSource({
        "(?=a)b, invalid or unsupported Perl syntax: `(?=`",
        "a(b, missing closing ): `a(b`",
        "[z-a], invalid character class range: `z-a`",
        "a**, invalid nested repetition operator: `**`",
        "\\1, invalid escape sequence: `\\1`",
    })
    void whatRe2RefusesIsRefusedWithItsReason(String regex, String reason) {
        assertThat(problems("- {pathRegex: '" + regex + "', upstream: a}"))
                .singleElement()
                .asString()
                .endsWith("'" + regex + "' is refused by RE2: " + reason);
    }

    @ParameterizedTest
    @CsvSource({"'((a{100}){100}){100}'", "'(a{1000}){1000}'"})
    void aRegexThatWouldFillTheMemoryIsRefused(String regex) {
        assertThat(problems("- {pathRegex: '" + regex + "', upstream: a}"))
                .singleElement()
                .asString()
                .endsWith("repeats too often");
    }

    @ParameterizedTest
    @CsvSource({
        "'/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'",
        "'/\\d{4}-\\d{2}-\\d{2}/[]{5}]{3}/([[:alpha:](]{9}){99}/\\({999}/x{,5}'"
    })
    void whatRepeatsSideBySideIsAdded(String regex) {
        assertThat(problems("- {pathRegex: '" + regex + "', upstream: a}")).isEmpty();
    }

    @Test
    void theValuesOfHeaderFieldsAreNeverRepeated() {
        for (String change :
                List.of(
                        "Authorization: 'Bearer abc '",
                        "Proxy-Authorization: Bearer abc",
                        "x: Bearer abc, X: Bearer abc",
                        "'no name': Bearer abc")) {
            assertThat(problems("- {upstream: a, rewrite: {request: {set: {" + change + "}}}}"))
                    .as(change)
                    .isNotEmpty()
                    .noneMatch(problem -> problem.contains("abc"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length",
        "transfer-encoding",
        "connection",
        "host",
        "te",
        "upgrade",
        "x-forwarded-for",
        "Forwarded",
        "client-cert",
        "proxy-authorization",
        "x-served-by",
        "sluice-reason",
        "sec-websocket-key",
        "expect",
        "trailer",
        "keep-alive"
    })
    void whatFramesOrSignsAMessageIsNotForARouteToChange(String name) {
        for (String change : List.of("remove: [%s]", "set: {%s: x}", "add: {%s: x}")) {
            assertThat(
                            problems(
                                    "- {upstream: a, rewrite: {request: {"
                                            + change.formatted(name)
                                            + "}}}"))
                    .singleElement()
                    .asString()
                    .contains("cannot be changed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{pathTemplate: '/u/{id}', upstream: a, rewrite: {path: '/p/{di}'}}"
                        + " | has a variable 'di' that the route's path does not have; allowed:"
                        + " id; did you mean 'id'?",
                "{pathExact: /x, upstream: a, rewrite: {prefix: /p}}"
                        + " | has no prefix to take the place of; give the route a 'path', or use"
                        + " 'path' or 'regex' here",
                "{upstream: a, rewrite: {regex: '(a)', with: '$2'}}"
                        + " | speaks of a group '2' that the regex does not have; allowed: 0, 1",
                "{upstream: a, rewrite: {regex: '(a)', with: 'x?y'}}"
                        + " | is not what a path is made of; allowed: characters of paths, $1,"
                        + " ${name}",
                "{upstream: a, rewrite: {regex: '(a)'}} | is missing",
                "{upstream: a, rewrite: {prefix: /x, path: /y}}"
                        + " | changes the path twice; allowed: one of prefix, path, regex",
                "{upstream: a, rewrite: {host: 'a:99999'}}"
                        + " | has a port that there is not; allowed: a host, or host:port with a"
                        + " port from 1 to 65535",
                "{upstream: a, rewrite: {response: {set: {x: \"a\\r\\nb\"}}}}"
                        + " | is not the value of a header field; allowed: 1 to 4096 printable"
                        + " ASCII characters, no space at either end",
                "{redirect: {code: 303}} | leads to where the request is already; give it"
                        + " 'scheme', 'host', 'prefix', 'path' or 'regex'",
                "{split: [{upstream: a, weight: 1}], splitBy: cooky x} | is not allowed; allowed:"
                        + " request, client, header NAME, cookie NAME, query NAME",
                "{pathTemplate: '/a/{x}/{x}', upstream: a} | has the variable 'x' twice; allowed:"
                        + " segments or {variables}, like /users/{id}/posts",
                "{pathTemplate: '/a/..', upstream: a} | has a segment '..' that is none; allowed:"
                        + " segments or {variables}, like /users/{id}/posts",
            })
    void aChangeThatCannotBeMadeIsRefused(String route, String problem) {
        assertThat(problems("- " + route)).singleElement().asString().endsWith(problem);
    }

    @Test
    void aBucketThatNoClockCanFillIsRefused() {
        String limit = "- {path: /a, upstream: a, rateLimit: {requests: 1, per: 24h, burst: %d}}";
        assertThat(problems(limit.formatted(50_000))).isEmpty();
        assertThat(problems(limit.formatted(200_000)))
                .containsExactly(
                        "r.yaml:3:71: routes[0].rateLimit.burst: '200000' takes more than 50000"
                                + " days to fill at this rate; allowed: at most 50000; set a"
                                + " smaller burst, or a shorter per");
        assertThat(problems(limit.formatted(200_000).replace("requests: 1,", "requests: 0,")))
                .hasSize(1);
    }

    // ---- helpers

    static List<String> problems(String routes) {
        return parse(routes).problems().stream().map(Problem::toString).toList();
    }

    private static Route only(String routes) {
        return parse(routes).orElseThrow().getFirst();
    }

    static Parsed<List<Route>> parse(String routes) {
        String text = "# two upstreams: a, b\nroutes:\n" + routes.indent(2);
        return Yaml.parse(
                "r.yaml",
                text,
                config -> Routes.read(config, List.of("a", "b"), Set.of("http", "https")));
    }
}
