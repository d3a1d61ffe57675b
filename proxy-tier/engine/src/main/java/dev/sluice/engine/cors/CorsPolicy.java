package dev.sluice.engine.cors;

import dev.sluice.cluster.l7.route.Cors;
import dev.sluice.cluster.l7.route.OriginPattern;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.Vary;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A {@link Cors} made ready. The proxy alone says who may read what a route answers: what servers
 * say of it goes, and they hear of no preflight. Immutable.
 */
public final class CorsPolicy {
    private static final String OURS = "access-control-";
    private static final Name REQUEST_METHOD = Name.of("access-control-request-method");
    private static final Name ALLOW_ORIGIN = Name.of("access-control-allow-origin");
    private static final Name ALLOW_CREDENTIALS = Name.of("access-control-allow-credentials");
    private static final Name ALLOW_METHODS = Name.of("access-control-allow-methods");
    private static final Name ALLOW_HEADERS = Name.of("access-control-allow-headers");
    private static final Name EXPOSE_HEADERS = Name.of("access-control-expose-headers");
    private static final Name MAX_AGE = Name.of("access-control-max-age");

    private final List<OriginPattern> origins;
    private final boolean credentials;

    /** Everybody gets the same answer. */
    private final boolean open;

    private final String methods;
    private final String headers;
    private final String exposed;
    private final String maxAgeSeconds;

    public CorsPolicy(Cors cors) {
        origins = cors.origins();
        credentials = cors.credentials();
        open = cors.allowsAnyOrigin();
        methods = String.join(", ", cors.methods());
        headers = String.join(", ", cors.headers());
        exposed = String.join(", ", cors.exposed());
        maxAgeSeconds = Long.toString(cors.maxAge().toSeconds());
    }

    /**
     * The method that a page asks for leave to use, which is the one that routes match by; null if
     * the request is no preflight (Fetch §3.3.2).
     */
    public static @Nullable String askedMethod(RequestHead head) {
        return head.method().equals("OPTIONS") && head.fields().has(Names.ORIGIN)
                ? head.fields().get(REQUEST_METHOD)
                : null;
    }

    /** What says with the response who may read it. */
    public ClientStream before(ClientStream client, RequestHead head) {
        // Pages make no calls of gRPC, which fail in a way of their own.
        return Grpc.isCall(head.fields()) ? client : new CorsStream(client, this, head);
    }

    /** Whether the page that asks may read the answer. */
    public boolean allows(RequestHead head) {
        return allowed(head) != null;
    }

    /** Its origin; null if it may not. */
    @Nullable String allowed(RequestHead head) {
        String origin = head.fields().get(Names.ORIGIN);
        return origin != null && head.fields().count(Names.ORIGIN) == 1 && fits(origin)
                ? origin
                : null;
    }

    private boolean fits(String origin) {
        for (OriginPattern pattern : origins) {
            if (pattern.fits(origin)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Says who may read a response, in place of what its server said.
     *
     * @param allowed the origin of the page that asked; null if it may not read it
     * @param preflight the page asks for leave first
     */
    void apply(Fields response, @Nullable String allowed, boolean preflight) {
        response.namesStarting(OURS).forEach(response::remove);
        if (!open) {
            Vary.on(response, Names.ORIGIN);
        }
        if (allowed == null) {
            return;
        }
        response.add(ALLOW_ORIGIN, open ? "*" : allowed);
        if (credentials) {
            response.add(ALLOW_CREDENTIALS, "true");
        }
        if (preflight) {
            response.add(ALLOW_METHODS, methods);
            addUnlessEmpty(response, ALLOW_HEADERS, headers);
            response.add(MAX_AGE, maxAgeSeconds);
        } else {
            addUnlessEmpty(response, EXPOSE_HEADERS, exposed);
        }
    }

    private static void addUnlessEmpty(Fields response, Name name, String value) {
        if (!value.isEmpty()) {
            response.add(name, value);
        }
    }
}
