package dev.sluice.engine.codec;

import dev.sluice.engine.http.Flood;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2FrameTypes;

import org.jspecify.annotations.Nullable;

/**
 * Looks over the frames of a connection on their way to the codec, which tells neither how many of
 * a kind there are nor that a head does not come to its end. Confined to its event loop.
 */
final class FrameWatch {
    private static final int HEADER_BYTES = 9;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final FloodGuard guard;

    /** Of the client's preface, or of the frame that is passing by. */
    private int left;

    private int headerBytes;
    private int length;
    private int type = -1;
    private int flags;
    private boolean withinHead;

    /**
     * Starts at the beginning of a connection.
     *
     * @param prefaceBytes that come before the first frame
     */
    FrameWatch(FloodGuard guard, int prefaceBytes) {
        this.guard = guard;
        left = prefaceBytes;
    }

    /** True while a head has begun and not ended. */
    boolean isWithinHead() {
        return withinHead;
    }

    /** What there is too much of, or null; reads ahead without taking. */
    @Nullable Flood look(ByteBuf in, long nowNanos) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (left > 0) {
                int step = Math.min(left, end - at);
                at += step;
                left -= step;
                endIfPassed();
                continue;
            }
            header(in.getByte(at++) & 0xff);
            if (headerBytes == HEADER_BYTES) {
                headerBytes = 0;
                left = length;
                Flood flood = begin(nowNanos);
                if (flood != null) {
                    return flood;
                }
                endIfPassed();
            }
        }
        return null;
    }

    private void header(int octet) {
        if (headerBytes < TYPE_AT) {
            length = (headerBytes == 0 ? 0 : length << 8) | octet;
        } else if (headerBytes == TYPE_AT) {
            type = octet;
        } else if (headerBytes == FLAGS_AT) {
            flags = octet;
        }
        headerBytes++;
    }

    private @Nullable Flood begin(long nowNanos) {
        Flood kind =
                switch (type) {
                    case Http2FrameTypes.HEADERS -> {
                        guard.forget(Flood.CONTINUATIONS);
                        withinHead = true;
                        yield null;
                    }
                    case Http2FrameTypes.DATA ->
                            length == 0 && (flags & END_STREAM) == 0 ? Flood.EMPTY_DATA : null;
                    case Http2FrameTypes.CONTINUATION -> Flood.CONTINUATIONS;
                    case Http2FrameTypes.RST_STREAM -> Flood.RESETS;
                    case Http2FrameTypes.SETTINGS -> Flood.SETTINGS;
                    case Http2FrameTypes.PING -> Flood.PINGS;
                    case Http2FrameTypes.PRIORITY -> Flood.PRIORITIES;
                    case Http2FrameTypes.WINDOW_UPDATE -> Flood.WINDOW_UPDATES;
                    // The codec refuses them.
                    case Http2FrameTypes.GO_AWAY, Http2FrameTypes.PUSH_PROMISE -> null;
                    default -> Flood.UNKNOWN_FRAMES;
                };
        return kind != null && guard.exceeds(kind, nowNanos) ? kind : null;
    }

    private void endIfPassed() {
        boolean ofHead = type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
        if (left == 0 && ofHead && (flags & END_HEADERS) != 0) {
            withinHead = false;
        }
    }
}
