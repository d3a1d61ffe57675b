package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Mirroring;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Copies;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.LimitReached;
import dev.sluice.engine.upstream.Search;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * A copy of a request. It is sent when the request is there to its end, once, and its answer is
 * thrown away: nothing that happens to it is noticed by the request. Confined to the client's event
 * loop; may outlive the exchange.
 */
final class MirroredRequest implements ResponseSink, ConnectionWaiter {
    private final Mirroring rules;
    private final RequestHead head;
    private final Group group;
    private final Search search;
    private final Peer peer;
    private final EventLoop loop;
    private final Connections connections;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private Fields trailers = new ListFields();
    private @Nullable ScheduledFuture<?> limit;
    private @Nullable UpstreamStream upstream;
    private boolean sent;
    private boolean entered;
    private boolean over;

    /** One that has begun among its group's copies. */
    MirroredRequest(
            Mirroring rules,
            RequestHead head,
            Group group,
            long place,
            Peer peer,
            EventLoop loop,
            Connections connections) {
        this.rules = rules;
        this.head = head;
        this.group = group;
        this.peer = peer;
        this.loop = loop;
        this.connections = connections;
        search = new Search(group, place);
    }

    // ---- from the request

    /** Takes a copy of the bytes, which stay the caller's. */
    void onData(ByteBuf data) {
        if (over) {
            return;
        }
        int length = data.readableBytes();
        if (body.readableBytes() + length > rules.bodyBytes()) {
            end(Copies.Result.TOO_LARGE);
            return;
        }
        if (body.capacity() == 0) {
            body = ByteBufAllocator.DEFAULT.buffer(length);
        }
        body.writeBytes(data, data.readerIndex(), length);
    }

    /** The request is complete. */
    void onEnd(Fields ofRequest) {
        if (over) {
            return;
        }
        sent = true;
        ofRequest.forEach((name, value) -> trailers.add(Name.of(name), value));
        entered = group.enter();
        if (!entered) {
            end(Copies.Result.BUSY);
            return;
        }
        long nanos = rules.timeout().toNanos();
        limit = loop.schedule(this::onTimeout, nanos, TimeUnit.NANOSECONDS);
        Endpoint endpoint = search.next(now());
        if (endpoint == null) {
            end(Copies.Result.FAILED);
        } else {
            connections.connect(endpoint.address(), group, peer, false, this);
        }
    }

    /** The exchange is over: what did not come until now does not come any more. */
    void onOver() {
        if (!sent) {
            end(Copies.Result.INCOMPLETE);
        }
    }

    // ---- from the endpoint

    @Override
    public void onConnected(UpstreamStream stream) {
        if (over) {
            stream.abort();
            return;
        }
        upstream = stream;
        stream.open(head, this);
        if (body.isReadable()) {
            ByteBuf whole = body;
            body = Unpooled.EMPTY_BUFFER;
            stream.data(whole);
        }
        stream.end(trailers);
    }

    @Override
    public void onConnectFailed(Throwable cause) {
        if (!over) {
            if (!(cause instanceof LimitReached)) {
                search.failed(Failure.CONNECT_FAILED.reason(), now());
            }
            end(Copies.Result.FAILED);
        }
    }

    /** Who does not answer in time is slow, which is no fault: the limit is not the upstream's. */
    private void onTimeout() {
        end(Copies.Result.FAILED);
    }

    @Override
    public void onInform(ResponseHead informational) {}

    @Override
    public void onResponse(ResponseHead response) {
        if (Attempts.isFailure(response.status())) {
            search.failed("status " + response.status(), now());
        } else {
            search.answered(now());
        }
    }

    @Override
    public void onResponseData(ByteBuf data) {
        data.release();
    }

    @Override
    public void onResponseEnd(Fields ofResponse) {
        upstream = null;
        search.succeeded();
        end(Copies.Result.ANSWERED);
    }

    @Override
    public void onUpstreamFailure(Failure why) {
        UpstreamStream failed = upstream;
        upstream = null;
        if (failed != null && Attempts.isFault(failed, why)) {
            search.failed(why.reason(), now());
        }
        end(Copies.Result.FAILED);
    }

    @Override
    public void onUpstreamWritable() {}

    @Override
    public void onUpstreamReadComplete() {}

    // ---- the end

    private void end(Copies.Result result) {
        if (over) {
            return;
        }
        over = true;
        if (limit != null) {
            limit.cancel(false);
        }
        body.release();
        UpstreamStream open = upstream;
        upstream = null;
        if (open != null) {
            open.abort();
        }
        search.leave();
        if (entered) {
            group.leave();
        }
        group.copies().end(result);
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
