package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may read what a route answers, as browsers ask and hear it. */
final class CorsIT {
    private static final String APP = "https://app.example.org";
    private static final String CORS =
            """
              {upstream: app, cors: {origins: ["%s", "https://*.shop.example.org"],
                 methods: [GET, PUT], headers: [X-Token], expose: [X-Total, X-Page],
                 credentials: true, maxAge: 5m}}
            """
                    .formatted(APP);

    /** A server with opinions of its own. */
    private static Server server() {
        return Server.answering(request ->
                Wire.crlf(
                        """
                        HTTP/1.1 200 OK
                        Access-Control-Allow-Origin: *
                        Access-Control-Allow-Anything: its-own
                        Vary: accept-language
                        Content-Length: 2

                        ok\
                        """));
    }

    private static Bench bench(Server server, String route) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(Http2IT.H2) + bench.upstream("", server) + "routes:\n  - " + route);
        return bench;
    }

    @ParameterizedTest
    @EnumSource
    void aPreflightIsAnsweredHere(RoutesIT.Client client) {
        try (Server server = server();
                Bench bench = bench(server, CORS.strip())) {
            RoutesIT.Answer answer = preflight(client, bench, "https://eu.shop.example.org", "PUT");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.field("access-control-allow-origin"))
                    .contains("https://eu.shop.example.org");
            assertThat(answer.field("access-control-allow-credentials")).contains("true");
            assertThat(answer.field("access-control-allow-methods")).contains("GET, PUT");
            assertThat(answer.field("access-control-allow-headers")).contains("x-token");
            assertThat(answer.field("access-control-max-age")).contains("300");
            assertThat(answer.field("access-control-expose-headers")).isEmpty();
            assertThat(answer.field("vary")).contains("origin");
            assertThat(server.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreflightOfAnotherOriginIsRefused(RoutesIT.Client client) {
        try (Server server = server();
                Bench bench = bench(server, CORS.strip())) {
            RoutesIT.Answer answer = preflight(client, bench, "https://evil.example", "PUT");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.field("sluice-reason")).contains("origin-refused");
            assertThat(answer.field("access-control-allow-origin")).isEmpty();
            assertThat(answer.field("vary")).contains("origin");
            assertThat(server.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProxysWordReplacesTheServers(RoutesIT.Client client) {
        try (Server server = server();
                Bench bench = bench(server, CORS.strip())) {
            RoutesIT.Answer answer = client.get(bench, "/", "origin", APP);
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.fields().stream().filter(line -> line.contains("ccess-")))
                    .containsExactlyInAnyOrder(
                            "access-control-allow-origin: " + APP,
                            "access-control-allow-credentials: true",
                            "access-control-expose-headers: x-total, x-page");
            assertThat(answer.fields()).anyMatch(line -> line.equalsIgnoreCase("vary: origin"));
            assertThat(answer.fields())
                    .anyMatch(line -> line.equalsIgnoreCase("vary: accept-language"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void othersAreServedButMayNotRead(RoutesIT.Client client) {
        try (Server server = server();
                Bench bench = bench(server, CORS.strip())) {
            for (String[] origin :
                    new String[][] {
                        {}, {"origin", "null"}, {"origin", APP, "origin", "https://evil.example"}
                    }) {
                RoutesIT.Answer answer = client.get(bench, "/", origin);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.fields()).noneMatch(line -> line.contains("ccess-"));
                // A cache must not give this answer to a page that may read it.
                assertThat(answer.fields()).anyMatch(line -> line.equalsIgnoreCase("vary: origin"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsForEverybodyIsTheSameForEverybody(RoutesIT.Client client) {
        try (Server server = server();
                Bench bench = bench(server, "{upstream: app, cors: {origins: ['*']}}")) {
            RoutesIT.Answer answer = client.get(bench, "/", "origin", "null");
            assertThat(answer.field("access-control-allow-origin")).contains("*");
            assertThat(answer.field("vary")).contains("accept-language");
            assertThat(answer.fields()).noneMatch(line -> line.equalsIgnoreCase("vary: origin"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageMayReadWhyItFailed(RoutesIT.Client client) {
        try (Bench bench = new Bench()) {
            bench.apply(
                    bench.listener(Http2IT.H2)
                            + "upstreams: [{name: app, endpoints: ['127.0.0.1:%d']}]\n"
                                    .formatted(Bench.freePort())
                            + "routes:\n  - "
                            + CORS.strip());
            RoutesIT.Answer answer = client.get(bench, "/", "origin", APP);
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("sluice-reason")).contains("connect-failed");
            assertThat(answer.field("access-control-allow-origin")).contains(APP);
            assertThat(answer.text()).contains("connect-failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreflightIsForTheRouteOfTheRequestItself(RoutesIT.Client client) {
        try (Server server = server();
                Bench bench =
                        bench(
                                server,
                                "{methods: [PUT], upstream: app, cors: {origins: ['"
                                        + APP
                                        + "'], methods: [PUT]}}\n"
                                        + "  - {methods: [OPTIONS], respond: {status: 200, body:"
                                        + " plain}}")) {
            assertThat(preflight(client, bench, APP, "PUT").status()).isEqualTo(204);
            assertThat(preflight(client, bench, APP, "DELETE").text()).isEqualTo("plain");
            assertThat(client.ask(bench, "OPTIONS", "/", "origin", APP).text()).isEqualTo("plain");
        }
    }

    private static RoutesIT.Answer preflight(
            RoutesIT.Client client, Bench bench, String origin, String method) {
        return client.ask(
                bench,
                "OPTIONS",
                "/",
                "origin",
                origin,
                "access-control-request-method",
                method,
                "access-control-request-headers",
                "x-token");
    }
}
