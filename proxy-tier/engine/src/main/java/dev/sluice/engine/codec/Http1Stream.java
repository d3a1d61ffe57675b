package dev.sluice.engine.codec;

import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.ErrorPage;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHandler;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.http.ResponseHead;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.epoll.EpollSocketChannel;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** One request of a {@link Http1Server}, and its response. */
final class Http1Stream implements ClientStream {
    /** How much of a request's body is thrown away to keep its connection. */
    private static final int MAX_SKIPPED_BYTES = 64 << 10;

    private static final Fields NONE = new ListFields();

    private final Http1Server connection;
    private final RequestHead head;
    private final boolean oneOh;
    private @Nullable RequestSink sink;
    private boolean lives;
    private long bodyBytes;
    private long skippedBytes;
    private boolean requestComplete;
    private boolean responseBegun;
    private boolean responseComplete;
    private boolean closeDelimited;
    private boolean bodiless;
    private boolean chunked;
    private boolean tunnel;
    private boolean over;

    Http1Stream(Http1Server connection, RequestHead head, boolean oneOh, boolean lives) {
        this.connection = connection;
        this.head = head;
        this.oneOh = oneOh;
        this.lives = lives;
    }

    void start(RequestHandler handler, Peer peer) {
        RequestSink made = handler.onRequest(head, peer, this);
        sink = over ? null : made;
    }

    boolean isRequestComplete() {
        return requestComplete;
    }

    /**
     * Whether nothing goes on but that the client sends its body. While a response is on its way
     * both sides may talk as they like.
     */
    boolean isBodyAwaited() {
        return !requestComplete && (!responseBegun || responseComplete);
    }

    // ---- from the client

    /** Takes ownership of the buffer. */
    void onData(ByteBuf data) {
        bodyBytes += data.readableBytes();
        RequestSink open = sink;
        if (responseComplete && !tunnel) {
            skip(data);
        } else if (!tunnel
                && (connection.exceedsLimit(bodyBytes) || (!head.hasBody() && data.isReadable()))) {
            data.release();
            onBroken(head.hasBody() ? Failure.BODY_TOO_LARGE : Failure.BAD_FRAMING);
        } else if (open == null || !data.isReadable()) {
            data.release();
        } else {
            open.onData(data);
        }
    }

    void onEnd(Fields trailers) {
        requestComplete = true;
        if (responseComplete) {
            finish();
        } else if (sink != null) {
            sink.onEnd(trailers);
        }
    }

    private void skip(ByteBuf data) {
        skippedBytes += data.readableBytes();
        data.release();
        if (skippedBytes > MAX_SKIPPED_BYTES && !over) {
            over = true;
            connection.closeAfterResponse(true);
        }
    }

    void onWritable() {
        if (sink != null) {
            sink.onWritable();
        }
    }

    void onReadComplete() {
        if (sink != null) {
            sink.onReadComplete();
        }
    }

    /** The client broke the protocol in the middle of its body. */
    void onBroken(Failure why) {
        RequestSink open = sink;
        if (responseBegun) {
            cutOff();
        } else {
            fail(why);
        }
        if (open != null) {
            open.onAbort(why);
        }
    }

    /** The client does not send its body, or does not read the response. */
    void onStalled() {
        onBroken(Failure.CLIENT_TIMEOUT);
    }

    void onGone(Failure why) {
        RequestSink open = sink;
        over = true;
        sink = null;
        if (open != null) {
            open.onAbort(why);
        }
    }

    // ---- to the client

    @Override
    public EventLoop loop() {
        return connection.channel().eventLoop();
    }

    @Override
    public void inform(ResponseHead informational) {
        // RFC 9110 §15.2: HTTP/1.0 knows none.
        if (!over && !oneOh && !responseBegun) {
            writeHead(informational);
            connection.channel().flush();
        }
    }

    @Override
    public void respond(ResponseHead response) {
        if (over || responseBegun) {
            return;
        }
        responseBegun = true;
        if (response.status() == 101) {
            beginTunnel(response);
            return;
        }
        frame(response);
        lives &= !closeDelimited && !connection.isEnding();
        if (!lives) {
            response.fields().set(Names.CONNECTION, "close");
        } else if (oneOh) {
            response.fields().set(Names.CONNECTION, Names.KEEP_ALIVE.text());
        }
        writeHead(response);
    }

    private void writeHead(ResponseHead response) {
        connection.write(HeadWriter.response(connection.channel().alloc(), response));
    }

    /** RFC 9112 §6.3: how the client will know where the body ends. */
    private void frame(ResponseHead response) {
        Fields fields = response.fields();
        bodiless =
                head.method().equals("HEAD")
                        || response.status() == 204
                        || response.status() == 304;
        chunked = !bodiless && !oneOh && response.bodyLength() == RequestHead.UNKNOWN_LENGTH;
        if (chunked) {
            // It says just that if it is there.
            if (!fields.has(Names.TRANSFER_ENCODING)) {
                fields.set(Names.TRANSFER_ENCODING, "chunked");
            }
        } else {
            fields.remove(Names.TRANSFER_ENCODING);
            closeDelimited = !bodiless && response.bodyLength() == RequestHead.UNKNOWN_LENGTH;
        }
    }

    private void beginTunnel(ResponseHead response) {
        tunnel = true;
        response.fields().set(Names.CONNECTION, "Upgrade");
        response.fields().set(Names.UPGRADE, head.upgrade());
        writeHead(response);
        connection.becomeTunnel();
    }

    @Override
    public void data(ByteBuf data) {
        if (over || responseComplete || bodiless || !data.isReadable()) {
            data.release();
            return;
        }
        if (!chunked) {
            connection.write(data);
            return;
        }
        connection.write(ChunkWriter.ahead(connection.channel().alloc(), data.readableBytes()));
        connection.write(data);
        connection.write(ChunkWriter.behind());
    }

    /**
     * On epoll alone: with io_uring Netty 4.2.18 takes positions of files for 32 bits wide, and
     * does not tell how far it has come.
     */
    @Override
    public @Nullable Regions regions() {
        boolean takes =
                !chunked
                        && !bodiless
                        && connection.peer().security() == null
                        && connection.channel() instanceof EpollSocketChannel;
        return takes ? this::send : null;
    }

    private void send(FileRegion region, Runnable sent) {
        if (over || responseComplete) {
            region.release();
        } else {
            connection.write(region, sent);
        }
    }

    @Override
    public void end(Fields trailers) {
        if (over || responseComplete) {
            return;
        }
        responseComplete = true;
        if (tunnel) {
            over = true;
            sink = null;
            connection.closeAfterResponse(false);
            return;
        }
        if (chunked) {
            connection.write(ChunkWriter.end(connection.channel().alloc(), trailers));
        }
        flush();
        sink = null;
        if (requestComplete || !lives) {
            finish();
        } else {
            // The rest of the body is skipped, so that the next request can be found behind it.
            connection.resume();
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        if (lives) {
            connection.next();
        } else {
            connection.closeAfterResponse(!requestComplete);
        }
    }

    @Override
    public void flush() {
        if (!over) {
            connection.channel().flush();
        }
    }

    @Override
    public void fail(Failure failure, Consumer<Fields> page) {
        if (over) {
            return;
        }
        if (responseBegun) {
            cutOff();
            return;
        }
        lives &= requestComplete || !head.hasBody();
        ResponseHead answer = ErrorPage.head(failure);
        page.accept(answer.fields());
        respond(answer);
        data(Unpooled.wrappedBuffer(ErrorPage.body(failure)));
        end(NONE);
    }

    /** The client must not take what it has for the whole. */
    private void cutOff() {
        over = true;
        sink = null;
        connection.channel().flush();
        if (closeDelimited || tunnel) {
            Lingering.reset(connection.channel());
        } else {
            connection.channel().close();
        }
    }

    @Override
    public boolean isWritable() {
        return connection.channel().isWritable();
    }

    @Override
    public void pause() {
        if (!over) {
            connection.pause();
        }
    }

    @Override
    public void resume() {
        if (!over) {
            connection.resume();
        }
    }
}
