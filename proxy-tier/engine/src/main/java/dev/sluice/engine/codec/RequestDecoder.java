package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.Failure;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;

import java.util.List;

/**
 * Netty's decoder behind a {@link HeadGuard}. Emits a {@link Failure} instead of a head that did
 * not pass, and nothing after it.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final int MAX_CHUNK_BYTES = 64 << 10;

    /** Method, spaces and version around the target. */
    private static final int AROUND_TARGET_BYTES = 48;

    private final HeadGuard guard;
    private boolean inHead = true;
    private boolean failed;

    /** How many octets ahead of the buffer's reader the guard is. */
    private int guarded;

    RequestDecoder(Listener.Limits limits, Runnable headStarted) {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.targetBytes() + AROUND_TARGET_BYTES)
                        .setMaxHeaderSize(limits.headerBytes())
                        .setMaxChunkSize(MAX_CHUNK_BYTES)
                        .setStrictLineParsing(true)
                        .setUseRfc9112TransferEncoding(true));
        guard = new HeadGuard(limits.fields(), headStarted);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (inHead && !guard.isAtEnd() && guardFails(in, out)) {
            return;
        }
        int before = in.readableBytes();
        int messages = out.size();
        super.decode(ctx, in, out);
        guarded = Math.max(0, guarded - (before - in.readableBytes()));
        if (out.size() > messages) {
            follow(out.getLast());
        }
    }

    private boolean guardFails(ByteBuf in, List<Object> out) {
        int unseen = in.readableBytes() - guarded;
        int end = in.forEachByte(in.readerIndex() + guarded, unseen, guard);
        Failure failure = guard.failure();
        if (failure != null) {
            failed = true;
            in.skipBytes(in.readableBytes());
            out.add(failure);
            return true;
        }
        guarded = end < 0 ? in.readableBytes() : end + 1 - in.readerIndex();
        return false;
    }

    /** After the last part of a message the next octet begins a head. */
    private void follow(Object message) {
        if (message instanceof LastHttpContent) {
            inHead = true;
            guarded = 0;
            guard.reset();
        } else if (message instanceof HttpMessage) {
            inHead = false;
        }
    }
}
