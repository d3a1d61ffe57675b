package dev.sluice.proxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A client of HTTP/2 that costs little: one request at a time, its head always the same bytes, and
 * windows that no run uses up.
 */
final class Http2Client extends ByteToMessageDecoder {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEADER_BYTES = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MOST = Integer.MAX_VALUE;
    private static final int DEFAULT_WINDOW = 65_535;

    /** HPACK (RFC 7541): what the static table has. */
    private static final int GET_INDEXED = 0x82;

    private static final int HTTPS_INDEXED = 0x87;
    private static final int STATUS_200_INDEXED = 0x88;
    private static final int AUTHORITY_LITERAL = 0x01;
    private static final int PATH_LITERAL = 0x04;

    private final ByteBuf fields;
    private final int bodyBytes;
    private final Requests requests;
    private int stream = -1;
    private int bodyLeft;
    private boolean answered;

    /** Told to a connection from outside. */
    enum Signal {
        /** It is to ask, and to go on until it is told that this is enough. */
        BEGIN
    }

    /** Whose requests they are. */
    interface Requests {
        /** True if there is to be another one on this connection. */
        boolean onAnswer();

        void onFailure(Throwable cause);
    }

    Http2Client(BenchCase what, Requests requests) {
        this.requests = requests;
        bodyBytes = what.bodyBytes();
        ByteBuf block = Unpooled.buffer();
        block.writeByte(GET_INDEXED).writeByte(HTTPS_INDEXED);
        literal(block, AUTHORITY_LITERAL, "bench.example");
        literal(block, PATH_LITERAL, what.target());
        fields = Unpooled.unreleasableBuffer(block.asReadOnly());
    }

    private static void literal(ByteBuf block, int name, String value) {
        block.writeByte(name).writeByte(value.length());
        block.writeCharSequence(value, StandardCharsets.US_ASCII);
    }

    /** What a connection begins with. */
    private static ByteBuf preface() {
        ByteBuf out = Unpooled.buffer();
        out.writeCharSequence(PREFACE, StandardCharsets.US_ASCII);
        frame(out, 6, SETTINGS, 0, 0).writeShort(INITIAL_WINDOW_SIZE).writeInt(MOST);
        frame(out, 4, WINDOW_UPDATE, 0, 0).writeInt(MOST - DEFAULT_WINDOW);
        return out;
    }

    private static ByteBuf frame(ByteBuf out, int length, int type, int flags, int stream) {
        return out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    /** On the connection's event loop. */
    void ask(ChannelHandlerContext ctx) {
        stream += 2;
        bodyLeft = bodyBytes;
        answered = false;
        int length = fields.readableBytes();
        ByteBuf out = ctx.alloc().buffer(HEADER_BYTES + length);
        frame(out, length, HEADERS, END_HEADERS | END_STREAM, stream);
        ctx.writeAndFlush(out.writeBytes(fields.duplicate()));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(preface());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Signal.BEGIN) {
            ask(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> none)
            throws IOException {
        if (in.readableBytes() < HEADER_BYTES) {
            return;
        }
        int length = in.getUnsignedMedium(in.readerIndex());
        if (in.readableBytes() < HEADER_BYTES + length) {
            return;
        }
        in.skipBytes(3);
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.skipBytes(4);
        onFrame(ctx, type, flags, in.readSlice(length));
    }

    private void onFrame(ChannelHandlerContext ctx, int type, int flags, ByteBuf payload)
            throws IOException {
        switch (type) {
            case SETTINGS, PING -> acknowledge(ctx, type, flags, payload);
            case RST_STREAM -> throw gaveUp("RST_STREAM", payload.getInt(0));
            case GOAWAY -> throw gaveUp("GOAWAY", payload.getInt(4));
            case HEADERS -> {
                answered = payload.isReadable() && payload.getUnsignedByte(0) == STATUS_200_INDEXED;
                endIfSaid(ctx, flags);
            }
            case DATA -> {
                bodyLeft -= payload.readableBytes();
                endIfSaid(ctx, flags);
            }
            default -> {}
        }
    }

    private static IOException gaveUp(String frame, int code) {
        return new IOException("the proxy gave up: %s with code %d".formatted(frame, code));
    }

    private static void acknowledge(
            ChannelHandlerContext ctx, int type, int flags, ByteBuf payload) {
        if ((flags & ACK) == 0) {
            ByteBuf content = type == PING ? payload : Unpooled.EMPTY_BUFFER;
            ByteBuf out = ctx.alloc().buffer(HEADER_BYTES + content.readableBytes());
            frame(out, content.readableBytes(), type, ACK, 0).writeBytes(content);
            ctx.writeAndFlush(out);
        }
    }

    private void endIfSaid(ChannelHandlerContext ctx, int flags) throws IOException {
        if ((flags & END_STREAM) == 0) {
            return;
        }
        if (!answered || bodyLeft != 0) {
            throw new IOException("unexpected response: " + bodyLeft + " bytes are missing");
        }
        if (requests.onAnswer()) {
            ask(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        requests.onFailure(new IOException("the proxy closed a connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        requests.onFailure(cause);
        ctx.close();
    }
}
