package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** Makes Netty's messages out of the engine's. */
final class Messages {
    private Messages() {}

    static HttpRequest request(RequestHead head) {
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(head.method()),
                head.target(),
                NettyFields.of(head.fields()));
    }

    static HttpResponse response(ResponseHead head) {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, status(head), NettyFields.of(head.fields()));
    }

    private static HttpResponseStatus status(ResponseHead head) {
        HttpResponseStatus usual = HttpResponseStatus.valueOf(head.status());
        return head.phrase().isEmpty() || head.phrase().equals(usual.reasonPhrase())
                ? usual
                : new HttpResponseStatus(head.status(), head.phrase());
    }

    static LastHttpContent last(ByteBuf data) {
        return new DefaultLastHttpContent(data);
    }

    static LastHttpContent last(Fields trailers) {
        if (trailers.isEmpty()) {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        LastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        last.trailingHeaders().add(NettyFields.of(trailers));
        return last;
    }
}
