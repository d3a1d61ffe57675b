package dev.sluice.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

final class RouteTableTest {
    private static final Peer PEER = Requests.from("203.0.113.9");

    private static final RouteTable<String> BY_PREFIX =
            table(
                    "{name: any, upstream: a}",
                    "{name: only-any, path: /only-any, upstream: a}",
                    "{name: www, host: www.example.org, upstream: a}",
                    "{name: api, host: www.example.org, path: /api, upstream: a}",
                    "{name: v2, host: www.example.org, path: /api/v2, upstream: a}",
                    "{name: below, host: '*.example.org', upstream: a}",
                    "{name: deep, host: '*.deep.example.org', path: /x, upstream: a}",
                    "{name: bare-x, host: bare.example.net, path: /x, upstream: a}");

    private static RouteTable<String> table(String... routes) {
        Forwarding forwarding = new Forwarding(List.of(AddressBlock.parse("198.18.9.0/24")));
        return new RouteTable<>(Requests.routes(routes), forwarding, Route::name);
    }

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
    void theMostSpecificRouteWins(String host, String path, String route) {
        assertThat(BY_PREFIX.find(Requests.get(host, path), PEER)).isEqualTo(route);
    }

    @Test
    void withoutARouteThereIsNone() {
        RouteTable<String> table = table("{name: x, host: a, path: /x, upstream: a}");
        assertThat(table.find(Requests.get("a", "/y"), PEER)).isNull();
        assertThat(table.find(Requests.get("b", "/x"), PEER)).isNull();
    }

    private static final RouteTable<String> BY_PATH =
            table(
                    "{name: root, upstream: a}",
                    "{name: users, path: /users, upstream: a}",
                    "{name: user, pathTemplate: '/users/{id}', upstream: a}",
                    "{name: me, pathTemplate: '/users/me/{what}', upstream: a}",
                    "{name: posts, pathTemplate: '/users/{id}/posts', upstream: a}",
                    "{name: exact, pathExact: /users/exact, upstream: a}",
                    "{name: slash, pathExact: /users/, upstream: a}",
                    "{name: version, pathRegex: '/api/v[0-9]+(/.*)?', upstream: a}",
                    "{name: early, priority: 1, path: /users/9, upstream: a}");

    @ParameterizedTest
    @CsvSource({
        "/, root",
        "/users, users",
        "/users/, slash",
        "/users/5, user",
        "/users/5/, users",
        "/users/5/posts, posts",
        "/users/me/posts, me",
        "/users/me, user",
        "/users/5/likes, users",
        "/users/exact, exact",
        "/api, root",
        "/api/v1, version",
        "/api/v12/x/y, version",
        "/api/vx, root",
        "/users/9, early",
        "/users/9/posts, early",
        "/users/7, user",
    })
    void thePathIsExactOrLikeATemplateOrMatchedOrBelowAPrefix(String path, String route) {
        assertThat(BY_PATH.find(Requests.get("a", path), PEER)).isEqualTo(route);
    }

    private static final RouteTable<String> BY_CONDITION =
            table(
                    "{name: rest, upstream: a}",
                    "{name: put, methods: [PUT, POST], upstream: a}",
                    "{name: tls, scheme: https, path: /tls, upstream: a}",
                    "{name: inside, clients: [198.18.0.0/16, '2001:db8::/32'], path: /in,"
                            + " upstream: a}",
                    "{name: beta, headers: [{name: X-Beta, is: '1'}], upstream: a}",
                    "{name: beta-put, headers: [{name: x-beta, is: '1'}], methods: [PUT],"
                            + " upstream: a}",
                    "{name: cookie, cookies: [{name: ab, begins: b}], upstream: a}",
                    "{name: query, query: [{name: q, regex: 'x y+'}], upstream: a}",
                    "{name: no-agent, path: /agent, headers: [{name: user-agent, absent: true}],"
                            + " upstream: a}");

    @ParameterizedTest
    @CsvSource({
        "GET, /, , , rest",
        "PUT, /, , , put",
        "DELETE, /, , , rest",
        "GET, /, x-beta, 1, beta",
        "GET, /, x-beta, 11, rest",
        "PUT, /, X-BETA, 1, beta-put",
        "GET, /, cookie, 'x=1; ab=b2', cookie",
        "GET, /, cookie, 'ab=a; ab=b', cookie",
        "GET, /, cookie, 'xab=b', rest",
        "GET, /?q=x+yyy, , , query",
        "GET, /?a=1&%71=x%20y, , , query",
        "GET, /?q=x, , , rest",
        "GET, /?q, , , rest",
        "GET, /?&&q=%zz, , , rest",
        "GET, /agent, , , no-agent",
        "GET, /agent, user-agent, x, rest",
        "GET, /tls, , , rest",
        "GET, /tls, x-forwarded-proto, https, rest",
        "GET, /in, , , rest",
        "GET, /in, x-forwarded-for, 198.18.0.1, rest",
    })
    void allConditionsMustHold(
            String method, String target, String name, String value, String route) {
        RequestHead head =
                name == null
                        ? Requests.of(method, "a", target)
                        : Requests.of(method, "a", target, name, value);
        assertThat(BY_CONDITION.find(head, PEER)).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.3.4, /in, , , inside",
        "2001:db8::5, /in, , , inside",
        "198.18.9.1, /in, x-forwarded-for, '198.18.1.1, 203.0.113.7', rest",
        "198.18.9.1, /in, x-forwarded-for, '203.0.113.7, 198.18.1.1', inside",
        "198.18.9.1, /in, x-forwarded-for, '203.0.113.7, 198.18.9.2', rest",
        "198.18.9.1, /in, x-forwarded-for, 'nonsense', inside",
        "198.18.9.1, /tls, x-forwarded-proto, https, tls",
        "198.18.9.1, /tls, x-forwarded-proto, http, rest",
    })
    void whatATrustedPeerSaysOfTheClientCounts(
            String peer, String target, String name, String value, String route) {
        RequestHead head =
                name == null
                        ? Requests.get("a", target)
                        : Requests.of("GET", "a", target, name, value);
        Peer from = peer.contains(":") ? Requests.from("[" + peer + "]") : Requests.from(peer);
        assertThat(BY_CONDITION.find(head, from)).isEqualTo(route);
    }

    @Test
    void amongEqualsTheFirstInTheFileWins() {
        RouteTable<String> table =
                table(
                        "{name: one, query: [{name: a}], upstream: a}",
                        "{name: two, query: [{name: b}], upstream: a}",
                        "{name: both, query: [{name: a}, {name: b}], upstream: a}");
        assertThat(table.find(Requests.get("x", "/?b"), PEER)).isEqualTo("two");
        assertThat(table.find(Requests.get("x", "/?b&a"), PEER)).isEqualTo("both");
        assertThat(table.find(Requests.get("x", "/?a"), PEER)).isEqualTo("one");
    }
}
