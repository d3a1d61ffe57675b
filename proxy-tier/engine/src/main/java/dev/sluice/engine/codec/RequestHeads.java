package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Intake;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.Tokens;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;

import java.util.List;

/** From what Netty decoded to a head that may go on. */
final class RequestHeads {
    private RequestHeads() {}

    static Intake check(HttpRequest request, Listener.Limits limits, Peer peer) {
        if (request.decoderResult().isFailure()) {
            return new Intake.Refused(failure(request.decoderResult()));
        }
        if (request.uri().length() > limits.targetBytes()) {
            return new Intake.Refused(Failure.TARGET_TOO_LONG);
        }
        Intake intake =
                Intake.http1(
                        request.method().name(),
                        request.uri(),
                        request.protocolVersion().minorVersion(),
                        new NettyFields(request.headers()),
                        peer);
        boolean large =
                intake instanceof Intake.Taken(RequestHead head)
                        && head.bodyLength() > limits.bodyBytes().orElse(Long.MAX_VALUE);
        return large ? new Intake.Refused(Failure.BODY_TOO_LARGE) : intake;
    }

    private static Failure failure(DecoderResult result) {
        return switch (result.cause()) {
            case TooLongHttpLineException _ -> Failure.TARGET_TOO_LONG;
            case TooLongFrameException _ -> Failure.HEADER_TOO_LARGE;
            default -> Failure.MALFORMED;
        };
    }

    static boolean isOneOh(HttpRequest request) {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** RFC 9112 §9.3: whether the client wants to go on after this request. */
    static boolean staysOpen(HttpRequest request) {
        List<String> options = Tokens.of(new NettyFields(request.headers()), Names.CONNECTION);
        return !options.contains("close")
                && (!isOneOh(request) || options.contains(Names.KEEP_ALIVE));
    }
}
