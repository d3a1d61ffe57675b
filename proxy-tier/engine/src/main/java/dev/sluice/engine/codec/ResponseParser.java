package dev.sluice.engine.codec;

import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Tokens;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Reads heads of responses (RFC 9112 §4): version, status, and a phrase that may be missing. */
final class ResponseParser extends HeadParser {
    private static final Limits LIMITS = new Limits(8 << 10, 64 << 10, 1_000);
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_AT + 3;
    private static final int SWITCHING = 101;
    private static final int NO_CONTENT = 204;

    private int minor;
    private int status;
    private String phrase = "";

    ResponseParser() {
        super(Kind.RESPONSE, LIMITS);
    }

    @Override
    @Nullable Failure firstLine(byte[] octets, int from, int to) {
        boolean valid =
                to - from >= STATUS_END
                        && RequestParser.isVersion(octets, from, to)
                        && isVersionEnd(octets, from)
                        && (to - from == STATUS_END || octets[from + STATUS_END] == ' ');
        if (!valid) {
            return Failure.BAD_RESPONSE;
        }
        minor = octets[from + STATUS_AT - 2] - '0';
        status = 0;
        for (int i = from + STATUS_AT; i < from + STATUS_END; i++) {
            if (octets[i] < '0' || octets[i] > '9') {
                return Failure.BAD_RESPONSE;
            }
            status = status * 10 + octets[i] - '0';
        }
        phrase = phrase(octets, from + STATUS_END + 1, to);
        return status >= 100 && status <= 599 ? null : Failure.BAD_RESPONSE;
    }

    private static boolean isVersionEnd(byte[] octets, int from) {
        byte digit = octets[from + STATUS_AT - 2];
        return digit >= '0' && digit <= '9' && octets[from + STATUS_AT - 1] == ' ';
    }

    private static String phrase(byte[] octets, int from, int to) {
        if (to - from == 2 && octets[from] == 'O' && octets[from + 1] == 'K') {
            return "OK";
        }
        return from < to ? text(octets, from, to) : "";
    }

    /** The head that was read, or null if it is no answer that the request can have. */
    @Nullable ResponseHead head(RequestHead request) {
        boolean chunked = fields().has(Names.TRANSFER_ENCODING);
        if (chunked && !isChunked()) {
            return null;
        }
        if (status == SWITCHING && !switches(request)) {
            return null;
        }
        long length = chunked ? RequestHead.UNKNOWN_LENGTH : contentLength();
        boolean announced = chunked || length > 0;
        if (length == INVALID || (status == NO_CONTENT && announced)) {
            return null;
        }
        return new ResponseHead(status, phrase, fields(), length);
    }

    private static final long INVALID = -2;

    /** RFC 9112 §6.1: HTTP/1.0 knows no chunks, and a length beside them is a trick. */
    private boolean isChunked() {
        return minor > 0
                && fields().count(Names.TRANSFER_ENCODING) == 1
                && !fields().has(Names.CONTENT_LENGTH)
                && "chunked".equalsIgnoreCase(fields().get(Names.TRANSFER_ENCODING));
    }

    private long contentLength() {
        String length = fields().get(Names.CONTENT_LENGTH);
        if (length == null) {
            return RequestHead.UNKNOWN_LENGTH;
        }
        boolean valid = fields().count(Names.CONTENT_LENGTH) == 1 && Tokens.isLength(length);
        return valid ? Long.parseLong(length) : INVALID;
    }

    private boolean switches(RequestHead request) {
        return request.asksForTunnel()
                && request.upgrade().equalsIgnoreCase(fields().get(Names.UPGRADE));
    }

    /** RFC 9112 §6.3: how the body ends. */
    BodyReader.Framing framing(ResponseHead head, RequestHead request) {
        boolean bodiless =
                request.method().equals("HEAD")
                        || status < 200
                        || status == NO_CONTENT
                        || status == 304;
        if (bodiless) {
            return BodyReader.Framing.NONE;
        }
        if (fields().has(Names.TRANSFER_ENCODING)) {
            return BodyReader.Framing.CHUNKS;
        }
        return head.bodyLength() == RequestHead.UNKNOWN_LENGTH
                ? BodyReader.Framing.UNTIL_CLOSE
                : BodyReader.Framing.LENGTH;
    }

    /** Whether the server goes on after this response. */
    boolean staysOpen() {
        if (!fields().has(Names.CONNECTION)) {
            return minor > 0;
        }
        List<String> options = Tokens.of(fields(), Names.CONNECTION);
        return !options.contains("close")
                && (minor > 0 || options.contains(Names.KEEP_ALIVE.text()));
    }
}
