package dev.sluice.proxy.bench;

import java.util.Locale;

/** An optional feature of a route, what it is configured by, and what makes use of it. */
enum Feature {
    OFF("upstream: app", "GET", ""),
    CORS("upstream: app, cors: {origins: ['https://app.example']}", "GET", Feature.ORIGIN),
    PREFLIGHT(
            "upstream: app, cors: {origins: ['https://app.example']}",
            "OPTIONS",
            Feature.ORIGIN + "Access-Control-Request-Method: GET\r\n"),
    UNUSED("upstream: app, compress: {}", "GET", ""),
    GZIP("upstream: app, compress: {}", "GET", "Accept-Encoding: gzip\r\n"),
    ZSTD("upstream: app, compress: {}", "GET", "Accept-Encoding: zstd\r\n"),
    FILE("files: {root: '%s'}", "GET", "");

    private static final String ORIGIN = "Origin: https://app.example\r\n";

    private final String keys;
    private final String method;
    private final String fields;

    Feature(String keys, String method, String fields) {
        this.keys = keys;
        this.method = method;
        this.fields = fields;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    private String host() {
        return title() + ".example";
    }

    /** In a list of routes. */
    String route(String folder) {
        return "  - {host: " + host() + ", " + keys.formatted(folder) + "}\n";
    }

    String request(int bodyBytes) {
        return method
                + " /"
                + bodyBytes
                + " HTTP/1.1\r\nHost: "
                + host()
                + "\r\n"
                + fields
                + "\r\n";
    }
}
