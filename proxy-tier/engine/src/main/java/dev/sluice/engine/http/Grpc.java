package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What gRPC wants of whoever stands between client and server (its PROTOCOL-HTTP2 document). */
public final class Grpc {
    private static final String TYPE = "application/grpc";
    private static final Name TIMEOUT = Name.of("grpc-timeout");
    public static final Name STATUS = Name.of("grpc-status");
    private static final int MOST_DIGITS = 8;

    private Grpc() {}

    /** Whether a call is made by this request; gRPC-Web is plain HTTP. */
    public static boolean isCall(Fields request) {
        String type = request.get(Names.CONTENT_TYPE);
        return type != null
                && type.startsWith(TYPE)
                && (type.length() == TYPE.length() || type.charAt(TYPE.length()) != '-');
    }

    /**
     * Whether the end of a call says that its server failed, as a status from 500 on would:
     * UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS. A deadline is the client's own.
     *
     * @param end trailers, or the head of an answer that is nothing else
     */
    public static boolean isServerFault(Fields end) {
        String status = end.get(STATUS);
        return status != null
                && switch (status) {
                    case "2", "13", "14", "15" -> true;
                    default -> false;
                };
    }

    /** The call's deadline from now; 0 if it has none. */
    public static long timeoutNanos(Fields request) {
        String text = isCall(request) ? request.get(TIMEOUT) : null;
        return text == null ? 0 : parse(text);
    }

    private static long parse(String text) {
        int digits = text.length() - 1;
        TimeUnit unit = digits < 1 || digits > MOST_DIGITS ? null : unit(text.charAt(digits));
        if (unit == null) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = value * 10 + digit;
        }
        return Math.max(1, unit.toNanos(value));
    }

    private static @Nullable TimeUnit unit(char c) {
        return switch (c) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> null;
        };
    }

    /** A failure as a call's answer: a head that is all there is ("Trailers-Only"). */
    public static ResponseHead answer(Failure failure) {
        Fields fields = trailers(failure);
        fields.add(Names.CONTENT_TYPE, TYPE);
        fields.add(Names.REASON, failure.reason());
        return new ResponseHead(200, "", fields, RequestHead.UNKNOWN_LENGTH);
    }

    /** A failure as the end of a call that was being answered. */
    public static Fields trailers(Failure failure) {
        return ListFields.of(
                "grpc-status",
                Integer.toString(status(failure)),
                "grpc-message",
                percentEncoded(failure.reason() + ": " + failure.text()));
    }

    /** As gRPC maps the statuses of HTTP; but a deadline of ours is a deadline. */
    private static int status(Failure failure) {
        return switch (failure) {
            case MISDIRECTED -> 2;
            case ORIGIN_REFUSED -> 7;
            case REQUEST_TIMEOUT -> 4;
            case NO_ROUTE, NO_FILE -> 12;
            case BODY_TOO_LARGE, HEADER_TOO_LARGE, TARGET_TOO_LONG -> 8;
            case CLIENT_GONE, CLIENT_TIMEOUT -> 1;
            case MALFORMED,
                    BAD_HOST,
                    BAD_TARGET,
                    BAD_FRAMING,
                    BAD_UPGRADE,
                    METHOD_NOT_ALLOWED,
                    UNKNOWN_EXPECTATION,
                    UNKNOWN_CODING,
                    UNKNOWN_PROTOCOL,
                    BAD_RESPONSE,
                    TUNNEL_REFUSED,
                    FILE_FAILED ->
                    13;
            case CONNECT_FAILED,
                    TLS_FAILED,
                    UPSTREAM_REFUSED,
                    UPSTREAM_CLOSED,
                    BAD_STATUS,
                    NO_ENDPOINT,
                    OVERLOADED,
                    SHED,
                    QUEUE_FULL,
                    QUEUE_TIMEOUT,
                    RATE_LIMITED,
                    BUFFER_FAILED,
                    UPSTREAM_TIMEOUT ->
                    14;
        };
    }

    private static String percentEncoded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                out.append((char) octet);
            } else {
                out.append('%').append(String.format("%02X", octet));
            }
        }
        return out.toString();
    }
}
