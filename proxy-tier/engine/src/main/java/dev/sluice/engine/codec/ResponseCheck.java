package dev.sluice.engine.codec;

import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

import java.util.List;

/** What of an endpoint's response Netty's decoder lets pass and a proxy must not. */
final class ResponseCheck {
    private static final int NO_CONTENT = 204;
    private static final int SWITCHING = 101;

    private ResponseCheck() {}

    static boolean isValid(HttpResponse response, RequestHead request) {
        int status = response.status().code();
        return response.decoderResult().isSuccess()
                && response.protocolVersion().majorVersion() == 1
                && status >= 100
                && status <= 599
                && (status != SWITCHING || switches(response, request))
                && isFramed(response.headers())
                && !(status == NO_CONTENT && announcesBody(response.headers()));
    }

    private static boolean switches(HttpResponse response, RequestHead request) {
        return request.asksForTunnel()
                && request.upgrade().equalsIgnoreCase(response.headers().get(Names.UPGRADE));
    }

    private static boolean isFramed(HttpHeaders headers) {
        List<String> codings = headers.getAll(Names.TRANSFER_ENCODING);
        List<String> lengths = headers.getAll(Names.CONTENT_LENGTH);
        boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
        return lengths.size() <= 1
                && (codings.isEmpty() || (lengths.isEmpty() && chunked))
                && (lengths.isEmpty() || isLength(lengths.getFirst()));
    }

    private static boolean isLength(String text) {
        return !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean announcesBody(HttpHeaders headers) {
        String length = headers.get(Names.CONTENT_LENGTH);
        return headers.contains(Names.TRANSFER_ENCODING)
                || (length != null && Long.parseLong(length) > 0);
    }

    static ResponseHead head(HttpResponse response) {
        String length = response.headers().get(Names.CONTENT_LENGTH);
        return new ResponseHead(
                response.status().code(),
                response.status().reasonPhrase(),
                new NettyFields(response.headers()),
                length == null ? RequestHead.UNKNOWN_LENGTH : Long.parseLong(length));
    }
}
