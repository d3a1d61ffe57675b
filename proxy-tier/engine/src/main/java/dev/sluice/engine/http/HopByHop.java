package dev.sluice.engine.http;

import java.util.List;
import java.util.Set;

/**
 * Drops the fields that are for the next hop alone (RFC 9110 §7.6.1). The codecs frame messages
 * themselves, so lengths and transfer codings stay for them to see.
 */
public final class HopByHop {
    private static final List<Name> ALWAYS =
            List.of(
                    Names.CONNECTION,
                    Names.KEEP_ALIVE,
                    Names.UPGRADE,
                    Names.HTTP2_SETTINGS,
                    Names.PROXY_CONNECTION,
                    Names.PROXY_AUTHENTICATE,
                    Names.PROXY_AUTHORIZATION,
                    Names.PROXY_AUTHENTICATION_INFO);

    private static final long ALWAYS_OR_TE =
            ALWAYS.stream().mapToLong(Name::bit).reduce(Names.TE.bit(), (a, b) -> a | b);

    /** What a sender cannot name away in Connection: framing, routing, and what the proxy sets. */
    private static final Set<Name> KEPT =
            Set.of(
                    Names.HOST,
                    Names.CONTENT_LENGTH,
                    Names.TRANSFER_ENCODING,
                    Names.TE,
                    Names.TRAILER,
                    Names.EXPECT,
                    Names.FORWARDED,
                    Names.FORWARDED_FOR,
                    Names.FORWARDED_HOST,
                    Names.FORWARDED_PROTO,
                    Names.SERVED_BY,
                    Names.REASON);

    private static final List<Name> NOT_IN_TRAILERS =
            List.of(
                    Names.HOST,
                    Names.CONTENT_LENGTH,
                    Names.TRANSFER_ENCODING,
                    Names.TRAILER,
                    Names.TE,
                    Names.EXPECT,
                    Names.FORWARDED,
                    Names.FORWARDED_FOR,
                    Names.FORWARDED_HOST,
                    Names.FORWARDED_PROTO,
                    Names.SERVED_BY,
                    Names.REASON,
                    Names.AUTHORIZATION,
                    Names.COOKIE,
                    Names.SET_COOKIE,
                    Names.CACHE_CONTROL,
                    Names.CONTENT_ENCODING,
                    Names.CONTENT_RANGE,
                    Names.CONTENT_TYPE,
                    Names.MAX_FORWARDS,
                    Names.RANGE);

    private HopByHop() {}

    public static void drop(Fields fields) {
        if (!fields.mayHaveAnyOf(ALWAYS_OR_TE)) {
            return;
        }
        for (String named : Tokens.of(fields, Names.CONNECTION)) {
            Name name = Name.of(named);
            if (!KEPT.contains(name)) {
                fields.remove(name);
            }
        }
        ALWAYS.forEach(fields::remove);
        keepTrailersOnly(fields);
    }

    private static void keepTrailersOnly(Fields fields) {
        if (fields.has(Names.TE)) {
            boolean trailers = Tokens.of(fields, Names.TE).contains("trailers");
            fields.remove(Names.TE);
            if (trailers) {
                fields.add(Names.TE, "trailers");
            }
        }
    }

    /** Drops what must not come after a body (RFC 9110 §6.5.1): framing, routing, credentials. */
    public static void dropFromTrailers(Fields trailers) {
        if (!trailers.isEmpty()) {
            drop(trailers);
            NOT_IN_TRAILERS.forEach(trailers::remove);
        }
    }
}
