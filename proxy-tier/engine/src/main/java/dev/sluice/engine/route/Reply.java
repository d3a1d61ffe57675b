package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.Match;
import dev.sluice.cluster.l7.route.Redirect;
import dev.sluice.cluster.l7.route.Respond;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/** A response that the proxy makes itself. Immutable. */
public sealed interface Reply {

    /** The head; null if the request has no answer, as its path leads nowhere. */
    @Nullable ResponseHead head(RequestHead request, Peer peer);

    /** What follows it, if the method and the status allow. */
    byte[] body();

    /** One that is always the same. */
    static Reply of(Respond respond) {
        return new Fixed(respond, respond.body().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * One that sends clients elsewhere.
     *
     * @param forwarding knows what trusted peers say of clients
     */
    static Reply of(Match match, Redirect redirect, Forwarding forwarding) {
        return new Elsewhere(redirect, new PathRewriter(match.path(), redirect.path()), forwarding);
    }

    /** A {@link Respond} made ready. */
    record Fixed(Respond respond, byte[] body) implements Reply {
        @Override
        public ResponseHead head(RequestHead request, Peer peer) {
            Fields fields = new ListFields();
            if (body.length > 0) {
                fields.add(Names.CONTENT_TYPE, respond.contentType());
            }
            // RFC 9110 §8.6: there must be none.
            if (respond.status() != 204 && respond.status() != 304) {
                fields.add(Names.CONTENT_LENGTH, Integer.toString(body.length));
            }
            return new ResponseHead(respond.status(), "", fields, body.length);
        }
    }

    /** A {@link Redirect} made ready. */
    record Elsewhere(Redirect redirect, PathRewriter path, Forwarding forwarding) implements Reply {
        private static final byte[] NO_BODY = new byte[0];

        @Override
        public @Nullable ResponseHead head(RequestHead request, Peer peer) {
            String to = path.rewritten(request.path().equals("*") ? "/" : request.path());
            if (to == null) {
                return null;
            }
            String scheme = forwarding.isSecure(request, peer) ? "https" : "http";
            String next = redirect.scheme().orElse(scheme);
            // Absolute, so that no path can be read as another host.
            String location =
                    next
                            + "://"
                            + redirect.authority().orElse(authority(request, scheme.equals(next)))
                            + to
                            + (redirect.keepQuery() ? request.query() : "");
            Fields fields = new ListFields();
            fields.add(Names.LOCATION, location);
            fields.add(Names.CONTENT_LENGTH, "0");
            return new ResponseHead(redirect.code(), "", fields, 0);
        }

        /** A port belongs to its scheme. */
        private static String authority(RequestHead request, boolean sameScheme) {
            return sameScheme ? request.authority() : request.host();
        }

        @Override
        public byte[] body() {
            return NO_BODY;
        }
    }
}
