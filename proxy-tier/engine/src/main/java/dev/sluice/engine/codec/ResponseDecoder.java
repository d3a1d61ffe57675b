package dev.sluice.engine.codec;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Netty's decoder, told whether the next response answers HEAD. */
final class ResponseDecoder extends HttpResponseDecoder {
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_HEADER_BYTES = 64 << 10;
    private static final int MAX_CHUNK_BYTES = 64 << 10;
    private static final int OK = 200;

    private boolean answersHead;

    ResponseDecoder() {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxChunkSize(MAX_CHUNK_BYTES)
                        .setStrictLineParsing(true)
                        .setUseRfc9112TransferEncoding(true));
    }

    void answersHead(boolean head) {
        answersHead = head;
    }

    /** True if bytes came behind the last message that are no message yet. */
    boolean isLeftWithBytes() {
        return actualReadableBytes() > 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        boolean toHead =
                answersHead && message instanceof HttpResponse r && r.status().code() >= OK;
        return toHead || super.isContentAlwaysEmpty(message);
    }
}
