package dev.sluice.proxy.bench;

import java.util.Locale;

/**
 * An optional feature, what it is configured by, and what makes use of it. In the keys {@code
 * FOLDER} and {@code COLLECTOR} stand for what {@link FeatureSite} has there.
 */
enum Feature {
    OFF("upstream: app"),
    CORS("upstream: app, cors: {origins: ['https://app.example']}", "GET", Feature.ORIGIN),
    PREFLIGHT(
            "upstream: app, cors: {origins: ['https://app.example']}",
            "OPTIONS",
            Feature.ORIGIN + "Access-Control-Request-Method: GET\r\n"),
    UNUSED("upstream: app, compress: {}"),
    GZIP("upstream: app, compress: {}", "GET", "Accept-Encoding: gzip\r\n"),
    ZSTD("upstream: app, compress: {}", "GET", "Accept-Encoding: zstd\r\n"),
    FILE("files: {root: 'FOLDER'}"),
    RATE_LIMIT("upstream: app, rateLimit: {requests: 10000000, by: client}"),
    STICKY("upstream: known"),
    /** What every request pays for it; none takes so long that a second endpoint is asked. */
    HEDGE("upstream: app, hedge: {after: 5s}"),
    MIRROR("upstream: app, mirror: {upstream: copy}"),
    LOG("accessLog: {file: FOLDER/log}"),
    LOG_LINE("accessLog: {file: FOLDER/line, format: line}"),
    /** As many as by default. */
    TRACE_FEW("tracing: {collector: 'http://COLLECTOR/v1/traces', sample: 1%}"),
    TRACE_ALL("tracing: {collector: 'http://COLLECTOR/v1/traces', sample: 100%}");

    private static final String ORIGIN = "Origin: https://app.example\r\n";
    private static final String PLAIN = "upstream: app";

    private final String keys;
    private final String method;
    private final String fields;

    Feature(String keys) {
        this(keys, "GET", "");
    }

    Feature(String keys, String method, String fields) {
        this.keys = keys;
        this.method = method;
        this.fields = fields;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String host() {
        return title() + ".example";
    }

    private boolean isOfProxies() {
        return switch (this) {
            case LOG, LOG_LINE, TRACE_FEW, TRACE_ALL -> true;
            default -> false;
        };
    }

    /** For a whole proxy; empty if routes have it. */
    String settings() {
        return isOfProxies() ? keys : "";
    }

    /** In a list of routes. */
    String route() {
        return "- {host: " + host() + ", " + (isOfProxies() ? PLAIN : keys) + "}\n";
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
