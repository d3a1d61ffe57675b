package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Http2Request;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Tokens;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** From our heads to those of HTTP/2 and back. */
final class Http2Heads {
    /** What HTTP/2 has no place for (RFC 9113 §8.2.2); an attempt over HTTP/1.1 may have set it. */
    private static final List<Name> OF_CONNECTIONS =
            List.of(
                    Names.CONNECTION,
                    Names.UPGRADE,
                    Names.TRANSFER_ENCODING,
                    Names.KEEP_ALIVE,
                    Names.PROXY_CONNECTION);

    private Http2Heads() {}

    static Http2Request request(Http2Headers headers) {
        return new Http2Request(
                text(headers.method()),
                text(headers.scheme()),
                text(headers.authority()),
                text(headers.path()),
                text(headers.get(PseudoHeaderName.PROTOCOL.value())));
    }

    private static @Nullable String text(@Nullable CharSequence value) {
        return value == null ? null : value.toString();
    }

    static Http2Headers request(RequestHead head) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.method(head.method())
                .scheme(head.secure() ? "https" : "http")
                .authority(head.authority())
                .path(head.target());
        copy(head.fields(), headers);
        headers.remove(Names.HOST.octets());
        OF_CONNECTIONS.forEach(name -> headers.remove(name.octets()));
        if (head.asksForTunnel()) {
            headers.method("CONNECT");
            headers.set(PseudoHeaderName.PROTOCOL.value(), head.upgrade());
            headers.remove(Names.WEBSOCKET_KEY.octets());
        }
        return headers;
    }

    /** The head of a response; null if it is none that can be passed on. */
    static @Nullable ResponseHead response(Http2Headers headers, RequestHead request) {
        Http2Fields fields = Http2Fields.of(headers);
        CharSequence text = headers.status();
        int status = text != null && text.length() == 3 ? status(text) : 0;
        if (fields == null || status < 100 || status > 599 || status == 101) {
            return null;
        }
        String length = fields.get(Names.CONTENT_LENGTH);
        if (length != null && !Tokens.isLength(length)) {
            return null;
        }
        boolean tunnel = request.asksForTunnel() && status == 200;
        return new ResponseHead(
                tunnel ? 101 : status,
                "",
                fields,
                length == null ? RequestHead.UNKNOWN_LENGTH : Long.parseLong(length));
    }

    private static int status(CharSequence text) {
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    static Http2Headers response(ResponseHead head) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.status(HttpResponseStatus.valueOf(head.status()).codeAsText());
        copy(head.fields(), headers);
        return headers;
    }

    /** The answer to a tunnel's CONNECT: what HTTP/1.1 says by 101 is 200 here (RFC 8441 §5). */
    static Http2Headers tunnelBegins(ResponseHead head) {
        Http2Headers headers = response(head);
        headers.status(HttpResponseStatus.OK.codeAsText());
        headers.remove(Names.UPGRADE.octets());
        headers.remove(Names.CONNECTION.octets());
        headers.remove(Names.WEBSOCKET_ACCEPT.octets());
        return headers;
    }

    static Http2Headers trailers(Fields trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        copy(trailers, headers);
        return headers;
    }

    private static void copy(Fields from, Http2Headers to) {
        if (from instanceof Http2Fields fields) {
            fields.copyTo(to);
        } else {
            from.forEach((name, value) -> to.add(octets(name), value));
            // The frames say where a body ends.
            to.remove(Names.TRANSFER_ENCODING.octets());
        }
    }

    private static AsciiString octets(String name) {
        return Name.of(name).octets();
    }
}
