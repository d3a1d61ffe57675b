package dev.sluice.engine.route;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import java.util.List;

/** Requests and routes for tests. */
final class Requests {
    static final HostPort LOCAL = HostPort.parse("198.18.0.1:80");

    private Requests() {}

    /**
     * A request.
     *
     * @param target path and query
     * @param fields names and values in turn
     */
    static RequestHead of(String method, String host, String target, String... fields) {
        int mark = target.indexOf('?');
        Fields all = new ListFields();
        for (int i = 0; i < fields.length; i += 2) {
            all.add(Name.of(fields[i]), fields[i + 1]);
        }
        return new RequestHead(
                method,
                false,
                host,
                host,
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark),
                all,
                0,
                "");
    }

    static RequestHead get(String host, String target) {
        return of("GET", host, target);
    }

    static Peer from(String address) {
        return new Peer(HostPort.parse(address + ":4000"), LOCAL, false);
    }

    /** Routes as a configuration writes them, each in a line; upstreams are called a to f. */
    static List<Route> routes(String... lines) {
        String text =
                "listeners: [{name: web, addresses: ['198.18.0.1:80']}]\n"
                        + "upstreams: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e},"
                        + " {name: f}]\n"
                        + "routes:\n"
                        + String.join(
                                "", List.of(lines).stream().map(r -> "- " + r + "\n").toList());
        return L7Config.parse("routes.yaml", text).orElseThrow().routes();
    }
}
