package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** What routes do with requests, whatever the client speaks. */
final class RoutesIT {
    /** How a client asks. */
    enum Client {
        H1 {
            @Override
            Answer ask(Bench bench, String method, String target, String... fields) {
                try (Wire wire = bench.connect()) {
                    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
                    head.append("host: test\r\n");
                    for (int i = 0; i < fields.length; i += 2) {
                        head.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
                    }
                    wire.send(head + "connection: close\r\n\r\n");
                    Wire.Message message =
                            method.equals("HEAD")
                                    ? new Wire.Message(wire.readHead(), "", "")
                                    : wire.readResponse();
                    List<String> lines = message.head().lines().skip(1).toList();
                    return new Answer(message.status(), lines, message.text());
                }
            }
        },
        H2 {
            @Override
            Answer ask(Bench bench, String method, String target, String... fields) {
                try (H2Wire h2 = H2Wire.connect(bench.port)) {
                    h2.request(1, method, target, true, fields);
                    H2Wire.Reply reply = h2.reply(1);
                    return new Answer(reply.status(), reply.head().fields(), reply.text());
                }
            }
        };

        abstract Answer ask(Bench bench, String method, String target, String... fields);

        Answer get(Bench bench, String target, String... fields) {
            return ask(bench, "GET", target, fields);
        }
    }

    /** What came back; fields as {@code name: value}. */
    record Answer(int status, List<String> fields, String text) {
        Optional<String> field(String name) {
            return fields.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    /** Upstreams {@code one} and {@code two}, the latter of HTTP/2 if it is to be. */
    private static Bench bench(Server one, Server two, String... routes) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(Http2IT.H2)
                        + "upstreams:\n"
                        + "  - {name: one, endpoints: ['%s']}\n".formatted(one.address())
                        + "  - {name: two, endpoints: ['%s']}\n".formatted(two.address())
                        + "routes:\n  - "
                        + String.join("\n  - ", routes)
                        + "\n");
        return bench;
    }

    private static Server echo(String name) {
        return Server.answering(request -> Server.ok(name + " " + request.firstLine()));
    }

    @ParameterizedTest
    @EnumSource
    void theConditionsOfARouteDecide(Client client) {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Bench bench =
                        bench(
                                one,
                                two,
                                "{upstream: one}",
                                "{headers: [{name: x-beta}], upstream: two}",
                                "{cookies: [{name: beta, is: 'yes'}], upstream: two}",
                                "{methods: [OPTIONS], upstream: two}",
                                "{query: [{name: beta}], upstream: two}",
                                "{pathTemplate: '/users/{id}/posts', upstream: two}",
                                "{pathRegex: '/v[0-9]+/.*', upstream: two}",
                                "{clients: [127.0.0.0/8], path: /local, upstream: two}",
                                "{clients: [203.0.113.0/24], path: /away, upstream: two}")) {
            assertThat(client.get(bench, "/").text()).isEqualTo("one");
            assertThat(client.get(bench, "/", "x-beta", "1").text()).isEqualTo("two");
            assertThat(client.get(bench, "/", "cookie", "beta=yes").text()).isEqualTo("two");
            assertThat(client.get(bench, "/", "cookie", "beta=no").text()).isEqualTo("one");
            assertThat(client.ask(bench, "OPTIONS", "*").text()).isEqualTo("two");
            assertThat(client.get(bench, "/?beta").text()).isEqualTo("two");
            assertThat(client.get(bench, "/users/5/posts").text()).isEqualTo("two");
            assertThat(client.get(bench, "/users/5/x/../posts").text()).isEqualTo("two");
            assertThat(client.get(bench, "/v12/x").text()).isEqualTo("two");
            assertThat(client.get(bench, "/local").text()).isEqualTo("two");
            assertThat(client.get(bench, "/away").text()).isEqualTo("one");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsAnsweredHereAndKeepsTheQuery(Client client) {
        try (Server one = Server.saying("one");
                Bench bench =
                        bench(
                                one,
                                one,
                                "{scheme: http, redirect: {scheme: https, code: 308}}",
                                "{path: /old, redirect: {prefix: /new, code: 301}}",
                                "{pathTemplate: '/u/{id}/{what}', redirect: {path: '/{what}/{id}',"
                                        + " host: 'www.example.org:8443', query: drop}}",
                                "{pathRegex: '/(?P<year>[0-9]+)/(.*)', redirect: {path:"
                                        + " '/archive/{year}', code: 303}}",
                                "{path: /s, redirect: {regex: '/s/([^/]*)', with: '/t/$1',"
                                        + " code: 307}}",
                                "{path: /up, redirect: {regex: 'x', with: '..'}}")) {
            Answer secured = client.get(bench, "/a?b=c&d");
            assertThat(secured.status()).isEqualTo(308);
            assertThat(secured.field("location")).contains("https://test/a?b=c&d");
            assertThat(secured.text()).isEmpty();
            Answer moved = client.get(bench, "/old/x?y");
            assertThat(moved.status()).isEqualTo(301);
            assertThat(moved.field("location")).contains("http://test/new/x?y");
            Answer filled = client.get(bench, "/u/5/posts?y");
            assertThat(filled.status()).isEqualTo(302);
            assertThat(filled.field("location")).contains("http://www.example.org:8443/posts/5");
            Answer grouped = client.get(bench, "/2026/11/23");
            assertThat(grouped.status()).isEqualTo(303);
            assertThat(grouped.field("location")).contains("http://test/archive/2026");
            Answer replaced = client.ask(bench, "HEAD", "/s/a/b");
            assertThat(replaced.status()).isEqualTo(307);
            assertThat(replaced.field("location")).contains("http://test/t/a/b");
            Answer nowhere = client.get(bench, "/up/x/x/x");
            assertThat(nowhere.status()).isEqualTo(400);
            assertThat(nowhere.field("sluice-reason")).contains("bad-target");
            assertThat(one.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFixedResponseIsJustThat(Client client) {
        try (Server one = Server.saying("one");
                Bench bench =
                        bench(
                                one,
                                one,
                                "{path: /robots.txt, respond: {status: 200, body: \"Disallow: /\\n\"}}",
                                "{path: /gone, respond: {status: 410, body: '<p>ü</p>',"
                                        + " contentType: text/html}}",
                                "{path: /none, respond: {status: 204}}",
                                "{path: /empty, respond: {status: 503}}")) {
            Answer robots = client.get(bench, "/robots.txt");
            assertThat(robots.status()).isEqualTo(200);
            assertThat(robots.text()).isEqualTo("Disallow: /\n");
            assertThat(robots.field("content-type")).contains("text/plain; charset=utf-8");
            Answer head = client.ask(bench, "HEAD", "/robots.txt");
            assertThat(head.field("content-length")).contains("12");
            assertThat(head.text()).isEmpty();
            Answer gone = client.get(bench, "/gone");
            assertThat(gone.status()).isEqualTo(410);
            assertThat(gone.field("content-type")).contains("text/html");
            assertThat(gone.field("content-length")).contains("9");
            Answer none = client.get(bench, "/none");
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.field("content-length")).isEmpty();
            assertThat(client.get(bench, "/empty").status()).isEqualTo(503);
            assertThat(client.get(bench, "/empty").field("content-length")).contains("0");
            assertThat(one.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServerGetsTheRequestAsItIsRewritten(Client client) {
        try (Server one = echo("one");
                Bench bench =
                        bench(
                                one,
                                one,
                                "{path: /api, upstream: one, rewrite: {prefix: /v2, host:"
                                        + " 'inner.example.org:81', request: {remove: [X-Drop],"
                                        + " set: {X-Set: new}, add: {X-More: b}}, response:"
                                        + " {remove: [x-secret], set: {X-Frame-Options: DENY}}}}",
                                "{pathTemplate: '/users/{id}', upstream: one, rewrite: {path:"
                                        + " '/people/{id}/home'}}",
                                "{pathRegex: '/(?P<a>x|y)/(.*)', upstream: one, rewrite: {regex:"
                                        + " '^/(?P<kind>[xy])/', with: '/kind-${kind}/'}}",
                                "{path: /root, upstream: one, rewrite: {prefix: /}}")) {
            Answer answer =
                    client.get(bench, "/api/x?q=1", "x-drop", "1", "x-set", "old", "x-more", "a");
            assertThat(answer.text()).isEqualTo("one GET /v2/x?q=1 HTTP/1.1");
            assertThat(answer.field("x-frame-options")).contains("DENY");
            Wire.Message seen = one.requests.getFirst();
            assertThat(seen.field("host")).contains("inner.example.org:81");
            assertThat(seen.count("host")).isEqualTo(1);
            assertThat(seen.field("x-forwarded-host")).contains("test");
            assertThat(seen.field("x-drop")).isEmpty();
            assertThat(seen.field("x-set")).contains("new");
            assertThat(seen.count("x-set")).isEqualTo(1);
            assertThat(seen.count("x-more")).isEqualTo(2);
            assertThat(client.get(bench, "/api").text()).isEqualTo("one GET /v2 HTTP/1.1");
            assertThat(client.get(bench, "/users/5").text())
                    .isEqualTo("one GET /people/5/home HTTP/1.1");
            assertThat(client.get(bench, "/x/1").text()).isEqualTo("one GET /kind-x/1 HTTP/1.1");
            assertThat(client.get(bench, "/root").text()).isEqualTo("one GET / HTTP/1.1");
            assertThat(client.get(bench, "/root/a").text()).isEqualTo("one GET /a HTTP/1.1");
        }
    }

    @Test
    void aServerOfHttp2GetsTheRewrittenAuthority() {
        try (Server server =
                        Server.of((wire, _) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                            String asked = head.field(":authority") + head.field(":path");
                            h2.head(head.stream(), false, ":status", "200");
                            h2.data(head.stream(), true, asked);
                            h2.await(frame -> frame.type() == H2Wire.GOAWAY);
                        });
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + bench.upstream("    version: h2", server)
                            + "routes: [{path: /a, upstream: app, rewrite: {prefix: /b, host:"
                            + " inner}}]\n");
            assertThat(bench.get("/a/x").text()).isEqualTo("inner/b/x");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUserStaysWithTheVersionThatItGotOnce(Client client) {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Bench bench =
                        bench(
                                one,
                                two,
                                "{split: [{upstream: one, weight: 1}, {upstream: two, weight: 1}],"
                                        + " splitBy: cookie user}")) {
            TreeMap<String, Integer> counts = new TreeMap<>();
            for (int user = 0; user < 40; user++) {
                String cookie = "a=b; user=u" + user;
                String first = client.get(bench, "/", "cookie", cookie).text();
                assertThat(client.get(bench, "/", "cookie", cookie).text()).isEqualTo(first);
                counts.merge(first, 1, Integer::sum);
            }
            // Hashed by a fixed key: always the same ones.
            assertThat(counts).containsOnlyKeys("one", "two");
            String nobody = client.get(bench, "/").text();
            assertThat(client.get(bench, "/").text()).isEqualTo(nobody);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRouteTakesSoManyRequestsOfAClientAndSaysWhenToComeAgain(Client client) {
        try (Server one = Server.saying("one");
                Bench bench =
                        bench(
                                one,
                                one,
                                "{upstream: one, rateLimit: {requests: 2, per: 1h, by: header"
                                        + " x-user}}",
                                "{path: /no, respond: {status: 403}, rateLimit: {requests: 1,"
                                        + " per: 24h}}")) {
            for (String user : List.of("ann", "bob")) {
                assertThat(client.get(bench, "/", "x-user", user).status()).isEqualTo(200);
                assertThat(client.get(bench, "/", "x-user", user).status()).isEqualTo(200);
                Answer refused = client.get(bench, "/", "x-user", user);
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.field("sluice-reason")).contains("rate-limited");
                int seconds = Integer.parseInt(refused.field("retry-after").orElseThrow());
                assertThat(seconds).isBetween(1, 1800);
            }
            assertThat(client.get(bench, "/no").status()).isEqualTo(403);
            assertThat(client.ask(bench, "HEAD", "/no").status()).isEqualTo(429);
            assertThat(one.requests).hasSize(4);
        }
    }

    @Test
    void aCallOfGrpcThatComesTooOftenGetsAStatus() {
        try (Server one = Server.saying("one");
                Bench bench =
                        bench(one, one, "{upstream: one, rateLimit: {requests: 1, per: 1h}}")) {
            Client.H2.get(bench, "/");
            Answer refused = Client.H2.get(bench, "/", "content-type", "application/grpc");
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.field("grpc-status")).contains("14");
            assertThat(refused.field("sluice-reason")).contains("rate-limited");
        }
    }

    @Test
    void aChangeOfAnotherRouteGivesNobodyNewTokens() {
        String limited = "{path: /limited, upstream: app, rateLimit: {requests: 1, per: 1h}}";
        try (Server one = Server.saying("one");
                Bench bench = new Bench()) {
            String rest = bench.listener("") + bench.upstream("", one) + "routes:\n  - " + limited;
            bench.apply(rest);
            assertThat(bench.get("/limited").status()).isEqualTo(200);
            bench.apply(rest + "\n  - {path: /new, upstream: app}");
            assertThat(bench.get("/limited").status()).isEqualTo(429);
            assertThat(bench.get("/new").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyBeyondTheRoutesLimitIsRefusedAnnouncedOrNot() {
        try (Server one = Server.saying("one");
                Bench bench = bench(one, one, "{upstream: one, limits: {body: 4B}}")) {
            try (Wire wire = bench.connect()) {
                wire.send("POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\nabcd");
                assertThat(wire.readResponse().status()).isEqualTo(200);
                wire.send("POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 5\r\n\r\n");
                Wire.Message refused = wire.readResponse();
                assertThat(refused.status()).isEqualTo(413);
                assertThat(refused.field("sluice-reason")).contains("body-too-large");
            }
            try (Wire wire = bench.connect()) {
                wire.send(
                        "POST / HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n"
                                + "4\r\nabcd\r\n1\r\ne\r\n");
                assertThat(wire.readResponse().status()).isEqualTo(413);
            }
            try (H2Wire h2 = H2Wire.connect(bench.port)) {
                h2.request(1, "POST", "/", false);
                h2.data(1, false, "abcde");
                assertThat(h2.reply(1).status()).isEqualTo(413);
            }
            assertThat(one.requests).hasSize(1);
        }
    }

    @Test
    void aBodyThatNobodyWantsIsSkippedAndTheConnectionGoesOn() {
        try (Server one = Server.saying("one");
                Bench bench =
                        bench(one, one, "{path: /no, respond: {status: 403}}", "{upstream: one}");
                Wire wire = bench.connect()) {
            wire.send("POST /no HTTP/1.1\r\nhost: test\r\ncontent-length: 5\r\n\r\nhello");
            assertThat(wire.readResponse().status()).isEqualTo(403);
            wire.send("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("one");
        }
    }
}
