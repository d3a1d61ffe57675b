package dev.sluice.engine.http;

/** Names of the fields that the engine itself looks at, sets, or drops. */
public final class Names {
    public static final String CONNECTION = "connection";
    public static final String CONTENT_LENGTH = "content-length";
    public static final String EXPECT = "expect";
    public static final String FORWARDED = "forwarded";
    public static final String FORWARDED_FOR = "x-forwarded-for";
    public static final String FORWARDED_HOST = "x-forwarded-host";
    public static final String FORWARDED_PROTO = "x-forwarded-proto";
    public static final String HOST = "host";
    public static final String HTTP2_SETTINGS = "http2-settings";
    public static final String KEEP_ALIVE = "keep-alive";
    public static final String REASON = "sluice-reason";
    public static final String SERVED_BY = "x-served-by";
    public static final String TE = "te";
    public static final String TRAILER = "trailer";
    public static final String TRANSFER_ENCODING = "transfer-encoding";
    public static final String UPGRADE = "upgrade";

    private Names() {}
}
