package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Http2Request;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.ResponseHead;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;

import org.jspecify.annotations.Nullable;

/** From our heads to those of HTTP/2 and back. */
final class Http2Heads {
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
