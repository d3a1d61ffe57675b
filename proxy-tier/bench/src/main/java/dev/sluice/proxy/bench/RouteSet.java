package dev.sluice.proxy.bench;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import java.util.Random;

/**
 * Routes of every kind, and requests for them: of ten, five are prefixes, two templates, one is
 * exact, one a regular expression and one a prefix with conditions. Half are of one host, half each
 * of a host of its own. The same each time.
 */
final class RouteSet {
    static final Peer PEER =
            new Peer(HostPort.parse("203.0.113.1:40000"), HostPort.parse("198.18.0.1:80"), false);
    private static final int REQUESTS = 4096;

    private RouteSet() {}

    /** A configuration with so many routes. */
    static String yaml(int routes) {
        return "listeners: [{name: web, addresses: ['198.18.0.1:80']}]\n"
                + "upstreams: [{name: app}]\n"
                + "routes:\n"
                + items(routes);
    }

    /** A line for each route. */
    static String items(int routes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < routes; i++) {
            text.append("- {host: %s, %s, upstream: app}\n".formatted(host(i), match(i)));
        }
        return text.toString();
    }

    private static String host(int route) {
        return route % 2 == 0 ? "www.example.org" : "h" + route + ".example.org";
    }

    private static String match(int route) {
        return switch (route % 10) {
            case 0, 1, 2, 3, 4 -> "path: /service-" + route + "/api";
            case 5, 6 -> "pathTemplate: '/users-" + route + "/{id}/posts'";
            case 7 -> "pathExact: /page-" + route;
            case 8 -> "pathRegex: '/archive-" + route + "/[0-9]{4}/[a-z]+'";
            default ->
                    "path: /beta-"
                            + route
                            + ", methods: [GET, HEAD], headers: [{name: x-beta, is: '1'}]";
        };
    }

    /** Each is for one of the routes. */
    static RequestHead[] requests(int routes) {
        Random random = new Random(routes);
        RequestHead[] requests = new RequestHead[REQUESTS];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = request(random.nextInt(routes));
        }
        return requests;
    }

    private static RequestHead request(int route) {
        return new RequestHead(
                "GET",
                false,
                host(route),
                host(route),
                path(route),
                "",
                ListFields.of("accept", "*/*", "x-beta", "1"),
                0,
                "");
    }

    private static String path(int route) {
        return switch (route % 10) {
            case 0, 1, 2, 3, 4 -> "/service-" + route + "/api/v2/things/42";
            case 5, 6 -> "/users-" + route + "/4711/posts";
            case 7 -> "/page-" + route;
            case 8 -> "/archive-" + route + "/2026/november";
            default -> "/beta-" + route + "/feature";
        };
    }
}
