package dev.sluice.engine.http;

import dev.sluice.cluster.l7.Targets;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** The checks of {@link Intake#http1}, in the order in which their failures are told. */
final class Http1Intake {
    private final String method;
    private final String target;
    private final int minor;
    private final Fields fields;
    private final Peer peer;
    private final Targets targets;
    private long bodyLength;
    private String upgrade = "";

    Http1Intake(
            String method, String target, int minor, Fields fields, Peer peer, Targets targets) {
        this.method = method;
        this.target = target;
        this.minor = minor;
        this.fields = fields;
        this.peer = peer;
        this.targets = targets;
    }

    Intake decide() {
        Failure failure = methodFailure();
        failure = failure != null ? failure : framingFailure();
        if (failure == null && !Tokens.knowsExpectation(fields)) {
            failure = Failure.UNKNOWN_EXPECTATION;
        }
        failure = failure != null ? failure : upgradeFailure();
        return failure != null ? new Intake.Refused(failure) : address();
    }

    private @Nullable Failure methodFailure() {
        if (!Tokens.isMethod(method)) {
            return Failure.MALFORMED;
        }
        boolean refused = method.equals("TRACE") || method.equals("CONNECT");
        return refused ? Failure.METHOD_NOT_ALLOWED : null;
    }

    /** RFC 9112 §6: anything but one clear length is refused, never repaired. */
    private @Nullable Failure framingFailure() {
        int codings = fields.count(Names.TRANSFER_ENCODING);
        int lengths = fields.count(Names.CONTENT_LENGTH);
        // Hixie-76 WebSockets have a body of eight bytes that no field announces.
        if (fields.has(Names.WEBSOCKET_KEY1) || fields.has(Names.WEBSOCKET_KEY2)) {
            return Failure.BAD_FRAMING;
        }
        if (lengths > 1 || codings > 1 || (lengths == 1 && codings == 1)) {
            return Failure.BAD_FRAMING;
        }
        if (lengths == 1) {
            return setLength() ? null : Failure.BAD_FRAMING;
        }
        return codings == 1 ? codingFailure() : null;
    }

    private boolean setLength() {
        String length = fields.get(Names.CONTENT_LENGTH);
        if (length == null || !Tokens.isLength(length)) {
            return false;
        }
        bodyLength = Long.parseLong(length);
        return true;
    }

    /** RFC 9112 §6.3: a body that chunks do not end, or do twice, has no end that both agree on. */
    private @Nullable Failure codingFailure() {
        List<String> codings = Tokens.of(fields, Names.TRANSFER_ENCODING);
        boolean chunked = !codings.isEmpty() && codings.getLast().equals("chunked");
        if (minor == 0 || !chunked || codings.indexOf("chunked") < codings.size() - 1) {
            return Failure.BAD_FRAMING;
        }
        bodyLength = RequestHead.UNKNOWN_LENGTH;
        // Also an empty member of the list, which others read in other ways.
        boolean alone = "chunked".equalsIgnoreCase(fields.get(Names.TRANSFER_ENCODING));
        return alone ? null : Failure.UNKNOWN_CODING;
    }

    /** Only WebSocket is tunnelled; other offers, h2c above all, are overheard. */
    private @Nullable Failure upgradeFailure() {
        boolean offered =
                minor == 1
                        && fields.has(Names.UPGRADE)
                        && Tokens.of(fields, Names.UPGRADE).equals(List.of("websocket"))
                        && Tokens.of(fields, Names.CONNECTION).contains(Names.UPGRADE.text());
        if (!offered) {
            return null;
        }
        if (!method.equals("GET") || bodyLength != 0) {
            return Failure.BAD_UPGRADE;
        }
        upgrade = "websocket";
        return null;
    }

    private Intake address() {
        int hosts = fields.count(Names.HOST);
        if (hosts > 1 || (hosts == 0 && minor == 1)) {
            return new Intake.Refused(Failure.BAD_HOST);
        }
        // RFC 9112 §3.2: an invalid Host is refused even where the target's would replace it.
        String written = fields.get(Names.HOST);
        Authority host = Authority.parse(written == null ? peer.local().toString() : written);
        if (host == null) {
            return new Intake.Refused(Failure.BAD_HOST);
        }
        if (target.equals("*") && method.equals("OPTIONS")) {
            return taken(host, Target.WHOLE_SERVER);
        }
        return target.startsWith("/")
                ? taken(host, parse(target))
                : absolute(written == null ? null : host);
    }

    private @Nullable Target parse(String path) {
        return Target.parse(path, targets.encodedSlash());
    }

    /** RFC 9112 §3.2.2: the target's authority replaces Host. */
    private Intake absolute(@Nullable Authority host) {
        int scheme = target.indexOf("://");
        if (scheme < 0 || !isHttp(target.substring(0, scheme))) {
            return new Intake.Refused(Failure.BAD_TARGET);
        }
        String rest = target.substring(scheme + 3);
        int end = authorityEnd(rest);
        Authority authority = Authority.parse(rest.substring(0, end));
        if (authority == null) {
            return new Intake.Refused(Failure.BAD_TARGET);
        }
        if (targets.otherHost() == Targets.OtherHost.REFUSE
                && host != null
                && !authority.text().equalsIgnoreCase(host.text())) {
            return new Intake.Refused(Failure.BAD_HOST);
        }
        String path = rest.substring(end);
        return taken(authority, parse(path.startsWith("/") ? path : "/" + path));
    }

    private static boolean isHttp(String scheme) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        return lower.equals("http") || lower.equals("https");
    }

    private static int authorityEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '/' || text.charAt(i) == '?') {
                return i;
            }
        }
        return text.length();
    }

    private Intake taken(Authority authority, @Nullable Target checked) {
        if (checked == null) {
            return new Intake.Refused(Failure.BAD_TARGET);
        }
        return new Intake.Taken(
                new RequestHead(
                        method,
                        peer.secure(),
                        authority.text(),
                        authority.host(),
                        checked.path(),
                        checked.query(),
                        fields,
                        bodyLength,
                        upgrade));
    }
}
