package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

/** Names of the fields that the engine itself looks at, sets, or drops. */
public final class Names {
    private static final int TABLE_SIZE = 256;

    /** By hash, with linear probing: more than half of it stays empty. */
    private static final @Nullable Name[] TABLE = new @Nullable Name[TABLE_SIZE];

    private static long nextBit = 1;

    public static final Name ACCEPT_ENCODING = known("accept-encoding");
    public static final Name ALLOW = known("allow");
    public static final Name AUTHORIZATION = known("authorization");
    public static final Name CACHE_CONTROL = known("cache-control");
    public static final Name CLIENT_CERT = known("client-cert");
    public static final Name CLIENT_CERT_CHAIN = known("client-cert-chain");
    public static final Name CLIENT_CERT_SHA256 = known("x-client-cert-sha256");
    public static final Name CLIENT_CERT_SUBJECT = known("x-client-cert-subject");
    public static final Name CONNECTION = known("connection");
    public static final Name CONTENT_ENCODING = known("content-encoding");
    public static final Name CONTENT_LENGTH = known("content-length");
    public static final Name CONTENT_RANGE = known("content-range");
    public static final Name CONTENT_TYPE = known("content-type");
    public static final Name COOKIE = known("cookie");
    public static final Name ETAG = known("etag");
    public static final Name EXPECT = known("expect");
    public static final Name FORWARDED = known("forwarded");
    public static final Name FORWARDED_FOR = known("x-forwarded-for");
    public static final Name FORWARDED_HOST = known("x-forwarded-host");
    public static final Name FORWARDED_PROTO = known("x-forwarded-proto");
    public static final Name HOST = known("host");
    public static final Name HTTP2_SETTINGS = known("http2-settings");
    public static final Name KEEP_ALIVE = known("keep-alive");
    public static final Name LOCATION = known("location");
    public static final Name MAX_FORWARDS = known("max-forwards");
    public static final Name ORIGIN = known("origin");
    public static final Name PROXY_AUTHENTICATE = known("proxy-authenticate");
    public static final Name PROXY_AUTHENTICATION_INFO = known("proxy-authentication-info");
    public static final Name PROXY_AUTHORIZATION = known("proxy-authorization");
    public static final Name PROXY_CONNECTION = known("proxy-connection");
    public static final Name RANGE = known("range");
    public static final Name REASON = known("sluice-reason");
    public static final Name RETRY_AFTER = known("retry-after");
    public static final Name SERVED_BY = known("x-served-by");
    public static final Name SET_COOKIE = known("set-cookie");
    public static final Name TE = known("te");
    public static final Name TRACEPARENT = known("traceparent");
    public static final Name TRACESTATE = known("tracestate");
    public static final Name TRAILER = known("trailer");
    public static final Name TRANSFER_ENCODING = known("transfer-encoding");
    public static final Name UPGRADE = known("upgrade");
    public static final Name VARY = known("vary");
    public static final Name WEBSOCKET_ACCEPT = known("sec-websocket-accept");
    public static final Name WEBSOCKET_KEY = known("sec-websocket-key");
    public static final Name WEBSOCKET_KEY1 = known("sec-websocket-key1");
    public static final Name WEBSOCKET_KEY2 = known("sec-websocket-key2");

    private Names() {}

    private static Name known(String lower) {
        Name name = new Name(lower, nextBit);
        nextBit <<= 1;
        int slot = name.hashCode() & (TABLE_SIZE - 1);
        while (TABLE[slot] != null) {
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        TABLE[slot] = name;
        return name;
    }

    /**
     * The known name that stands in the array, in whatever case, or null.
     *
     * @param hash by {@link Name#hash(int, byte)} over its octets
     */
    public static @Nullable Name find(byte[] octets, int from, int length, int hash) {
        int slot = hash & (TABLE_SIZE - 1);
        for (Name name = TABLE[slot]; name != null; name = TABLE[slot]) {
            if (name.hashCode() == hash && name.isAt(octets, from, length)) {
                return name;
            }
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        return null;
    }
}
