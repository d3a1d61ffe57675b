package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes heads and trailers, each into one buffer that the caller owns. */
final class HeadWriter {
    private static final AsciiString REQUEST_END = AsciiString.cached(" HTTP/1.1\r\n");
    private static final AsciiString OK = AsciiString.cached("HTTP/1.1 200 OK\r\n");
    private static final int AROUND_BYTES = 64;
    private static final int LINE_END = '\r' << 8 | '\n';

    /** What a response says whose status came without a phrase, or from us. */
    private static final Map<Integer, String> PHRASES = phrases();

    private HeadWriter() {}

    private static Map<Integer, String> phrases() {
        Map<Integer, String> phrases = new HashMap<>();
        String all =
                "100 Continue,101 Switching Protocols,103 Early Hints,200 OK,201 Created,"
                        + "202 Accepted,204 No Content,206 Partial Content,301 Moved Permanently,"
                        + "302 Found,303 See Other,304 Not Modified,307 Temporary Redirect,"
                        + "308 Permanent Redirect,400 Bad Request,401 Unauthorized,403 Forbidden,"
                        + "404 Not Found,405 Method Not Allowed,408 Request Timeout,"
                        + "409 Conflict,410 Gone,413 Content Too Large,414 URI Too Long,"
                        + "417 Expectation Failed,421 Misdirected Request,429 Too Many Requests,"
                        + "431 Request Header Fields Too Large,500 Internal Server Error,"
                        + "501 Not Implemented,502 Bad Gateway,503 Service Unavailable,"
                        + "504 Gateway Timeout";
        for (String line : all.split(",", -1)) {
            phrases.put(Integer.parseInt(line.substring(0, 3)), line.substring(4));
        }
        return Map.copyOf(phrases);
    }

    static ByteBuf request(ByteBufAllocator buffers, RequestHead head) {
        int line = head.method().length() + head.path().length() + head.query().length();
        ByteBuf out = buffers.buffer(line + size(head.fields()) + AROUND_BYTES);
        ByteBufUtil.writeAscii(out, head.method());
        out.writeByte(' ');
        ByteBufUtil.writeAscii(out, head.path());
        ByteBufUtil.writeAscii(out, head.query());
        ByteBufUtil.writeAscii(out, REQUEST_END);
        fields(out, head.fields());
        return out;
    }

    static ByteBuf response(ByteBufAllocator buffers, ResponseHead head) {
        String phrase = phrase(head);
        ByteBuf out = buffers.buffer(phrase.length() + size(head.fields()) + AROUND_BYTES);
        if (head.status() == 200 && phrase.equals("OK")) {
            ByteBufUtil.writeAscii(out, OK);
        } else {
            ByteBufUtil.writeAscii(out, "HTTP/1.1 " + head.status() + ' ');
            out.writeCharSequence(phrase, StandardCharsets.ISO_8859_1);
            out.writeShort(LINE_END);
        }
        fields(out, head.fields());
        return out;
    }

    private static String phrase(ResponseHead head) {
        return head.phrase().isEmpty() ? PHRASES.getOrDefault(head.status(), "") : head.phrase();
    }

    /** The end of a body in chunks. */
    static ByteBuf trailers(ByteBufAllocator buffers, Fields trailers) {
        ByteBuf out = buffers.buffer(size(trailers) + AROUND_BYTES);
        ByteBufUtil.writeAscii(out, "0\r\n");
        fields(out, trailers);
        return out;
    }

    private static int size(Fields fields) {
        return fields instanceof WireFields wire ? wire.wireSize() : AROUND_BYTES;
    }

    private static void fields(ByteBuf out, Fields fields) {
        if (fields instanceof WireFields wire) {
            wire.write(out);
        } else {
            fields.forEach((name, value) -> WireFields.writeLine(out, Name.of(name), value));
        }
        out.writeShort(LINE_END);
    }
}
