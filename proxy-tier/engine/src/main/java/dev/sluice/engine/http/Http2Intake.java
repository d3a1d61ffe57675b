package dev.sluice.engine.http;

import dev.sluice.cluster.l7.Targets;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** The checks of {@link Intake#http2}, in the order in which their failures are told. */
final class Http2Intake {
    private static final String CRUMBS = "; ";

    private final Http2Request request;
    private final Fields fields;
    private final boolean ended;
    private final Peer peer;
    private final Targets targets;

    Http2Intake(Http2Request request, Fields fields, boolean ended, Peer peer, Targets targets) {
        this.request = request;
        this.fields = fields;
        this.ended = ended;
        this.peer = peer;
        this.targets = targets;
    }

    Intake decide() {
        String method = request.method();
        if (method == null || !Tokens.isMethod(method) || !isHttp(request.scheme())) {
            return refused(isPlainConnect() ? Failure.METHOD_NOT_ALLOWED : Failure.MALFORMED);
        }
        if (method.equals("TRACE")) {
            return refused(Failure.METHOD_NOT_ALLOWED);
        }
        String protocol = request.protocol();
        if (method.equals("CONNECT") != (protocol != null)) {
            return refused(protocol == null ? Failure.METHOD_NOT_ALLOWED : Failure.MALFORMED);
        }
        if (!Tokens.knowsExpectation(fields)) {
            return refused(Failure.UNKNOWN_EXPECTATION);
        }
        long length = bodyLength();
        if (length == INVALID) {
            return refused(Failure.BAD_FRAMING);
        }
        joinCookies();
        return protocol == null ? address(method, length, "") : tunnel(protocol);
    }

    /** RFC 9113 §8.5: it has neither scheme nor path. */
    private boolean isPlainConnect() {
        return "CONNECT".equals(request.method()) && request.protocol() == null;
    }

    private static boolean isHttp(@Nullable String scheme) {
        return scheme != null
                && (scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"));
    }

    private static final long INVALID = -2;

    private long bodyLength() {
        if (ended) {
            return 0;
        }
        String length = fields.get(Names.CONTENT_LENGTH);
        if (length == null) {
            return RequestHead.UNKNOWN_LENGTH;
        }
        boolean valid = fields.count(Names.CONTENT_LENGTH) == 1 && Tokens.isLength(length);
        return valid ? Long.parseLong(length) : INVALID;
    }

    /** RFC 9113 §8.2.3: they may come in pieces, which only HTTP/2 knows. */
    private void joinCookies() {
        if (fields.count(Names.COOKIE) > 1) {
            fields.set(Names.COOKIE, String.join(CRUMBS, fields.all(Names.COOKIE)));
        }
    }

    /** RFC 8441 §5: to everyone behind it is a GET that asks for an upgrade. */
    private Intake tunnel(String protocol) {
        if (!protocol.equals("websocket")) {
            return refused(Failure.UNKNOWN_PROTOCOL);
        }
        if (ended || fields.has(Names.CONTENT_LENGTH)) {
            return refused(Failure.BAD_UPGRADE);
        }
        return address("GET", 0, protocol);
    }

    private Intake address(String method, long length, String upgrade) {
        Authority authority = authority();
        if (authority == null) {
            return refused(Failure.BAD_HOST);
        }
        String path = request.path();
        if (path == null || !(path.startsWith("/") || isWholeServer(method, path))) {
            return refused(Failure.MALFORMED);
        }
        Target target =
                path.startsWith("/")
                        ? Target.parse(path, targets.encodedSlash())
                        : Target.WHOLE_SERVER;
        if (target == null) {
            return refused(Failure.BAD_TARGET);
        }
        return new Intake.Taken(
                new RequestHead(
                        method,
                        peer.secure(),
                        authority.text(),
                        authority.host(),
                        target.path(),
                        target.query(),
                        fields,
                        length,
                        upgrade));
    }

    private static boolean isWholeServer(String method, String path) {
        return path.equals("*") && method.equals("OPTIONS");
    }

    /** Of the pseudo-header field, or Host; if both are there they must agree. */
    private @Nullable Authority authority() {
        List<String> hosts = fields.all(Names.HOST);
        String named = request.authority();
        if (hosts.size() > 1 || (named == null && hosts.isEmpty())) {
            return null;
        }
        String host = hosts.isEmpty() ? named : hosts.getFirst();
        String text = named == null ? host : named;
        if (text == null || host == null || !lower(text).equals(lower(host))) {
            return null;
        }
        return Authority.parse(text);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static Intake refused(Failure failure) {
        return new Intake.Refused(failure);
    }
}
