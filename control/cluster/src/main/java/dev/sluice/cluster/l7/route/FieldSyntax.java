package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Reading;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What header fields look like (RFC 9110 §5), and which of them a route has no say in. */
final class FieldSyntax {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern VALUE =
            Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e\\t]{0,4094}[\\x21-\\x7e])?");

    /** Framing, hop-by-hop, the handshakes, and what the proxy itself says of clients. */
    private static final Pattern OURS =
            Pattern.compile(
                    "host|connection|keep-alive|upgrade|http2-settings|te|trailer|expect"
                            + "|content-length|transfer-encoding|proxy-.*|sec-websocket-.*"
                            + "|forwarded|x-forwarded-(for|proto|host)|client-cert(-chain)?"
                            + "|x-client-cert-.*|x-served-by|sluice-reason");

    private FieldSyntax() {}

    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** Of a header field, made lower case. */
    static Scalar<String> name() {
        return Scalars.text()
                .where(FieldSyntax::isToken, "is not the name of a header field", "")
                .map(name -> name.toLowerCase(Locale.ROOT));
    }

    /** Of one that a route may change. */
    static Scalar<String> changeable() {
        return name().where(
                        name -> !OURS.matcher(name).matches(),
                        "cannot be changed: the proxy frames, addresses and signs messages itself",
                        "fields that are for the server or the client; for Host there is"
                                + " rewrite.host");
    }

    /** The same for a key of a mapping; empty if it was reported. */
    static Optional<String> changeable(Section fields, String key) {
        return switch (changeable().read(key)) {
            case Reading.Fits<String>(String name) -> Optional.of(name);
            case Reading.Wrong<String>(String what, String allowed, String hint) -> {
                fields.problemOfKey(key, what, allowed, hint);
                yield Optional.empty();
            }
        };
    }

    static Scalar<String> value() {
        return Scalars.text()
                .where(
                        text -> VALUE.matcher(text).matches(),
                        "is not the value of a header field",
                        "1 to 4096 printable ASCII characters, no space at either end");
    }
}
