package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.LimitReached;
import dev.sluice.engine.upstream.Search;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * A second attempt of a request, beside a first that takes long. It ends without being noticed, or
 * leads: then there is no other, and all that its endpoint says is the request's. Confined to the
 * request's event loop.
 */
final class Hedge implements ResponseSink, ConnectionWaiter {
    private enum State {
        BESIDE,
        LEADS,
        OVER
    }

    private final UpstreamRequest request;
    private final RequestHead head;
    private final RequestBody body;
    private final Attempts attempts;
    private final Search search;
    private final HostPort endpoint;
    private State state = State.BESIDE;
    private @Nullable UpstreamStream stream;
    private @Nullable HedgeResult result;
    private long sentNanos;

    /**
     * One that is about to connect.
     *
     * @param search is at its endpoint; goes on as that of the attempts if it leads
     */
    Hedge(
            UpstreamRequest request,
            RequestHead head,
            RequestBody body,
            Attempts attempts,
            Search search) {
        this.request = request;
        this.head = head;
        this.body = body;
        this.attempts = attempts;
        this.search = search;
        endpoint = search.at().address();
    }

    HostPort endpoint() {
        return endpoint;
    }

    boolean isBeside() {
        return state == State.BESIDE;
    }

    /** When it was sent; 0 before it has a connection. */
    long sentNanos() {
        return sentNanos;
    }

    /** Null as long as it is not known. */
    @Nullable HedgeResult result() {
        return result;
    }

    /**
     * It is the only one from now on.
     *
     * @return what it was sent on; null if the request will hear of its connection
     */
    @Nullable UpstreamStream lead() {
        state = State.LEADS;
        attempts.moveTo(search);
        return stream;
    }

    /** The request has its answer. */
    void onAnswered() {
        settle(HedgeResult.WON);
    }

    /** The one that leads came to nothing. */
    void onFailed() {
        settle(HedgeResult.FAILED);
    }

    /** Nobody waits for it. */
    void end() {
        settle(HedgeResult.LOST);
    }

    /** Beside another it is over; one that leads goes on as what the request does. */
    private void settle(HedgeResult what) {
        if (result != null) {
            return;
        }
        boolean beside = state == State.BESIDE;
        result = beside && what == HedgeResult.WON ? HedgeResult.LOST : what;
        if (beside) {
            state = State.OVER;
            UpstreamStream open = stream;
            stream = null;
            if (open != null) {
                open.abort();
            }
            attempts.endBeside(search);
        }
        attempts.count(result);
    }

    // ---- from its endpoint

    @Override
    public void onConnected(UpstreamStream connected) {
        switch (state) {
            case BESIDE -> {
                stream = connected;
                sentNanos = attempts.now();
                connected.open(head, this);
                body.copyTo(connected);
            }
            case LEADS -> request.onConnected(connected);
            case OVER -> connected.abort();
        }
    }

    @Override
    public void onConnectFailed(Throwable cause) {
        if (state == State.LEADS) {
            request.onConnectFailed(cause);
        } else if (cause instanceof LimitReached) {
            settle(HedgeResult.FAILED);
        } else if (state == State.BESIDE) {
            fail(Attempts.ofConnect(cause).reason());
        }
    }

    /** By the endpoint's fault. */
    private void fail(String why) {
        attempts.blame(search, why);
        settle(HedgeResult.FAILED);
    }

    @Override
    public void onInform(ResponseHead informational) {
        if (state == State.LEADS) {
            request.onInform(informational);
        }
    }

    @Override
    public void onResponse(ResponseHead response) {
        if (state == State.LEADS) {
            request.onResponse(response);
        } else if (attempts.isUnwanted(response.status())) {
            fail("status " + response.status());
        } else {
            request.overtake(response);
        }
    }

    @Override
    public void onResponseData(ByteBuf data) {
        if (state == State.LEADS) {
            request.onResponseData(data);
        } else {
            data.release();
        }
    }

    @Override
    public void onResponseEnd(Fields trailers) {
        if (state == State.LEADS) {
            request.onResponseEnd(trailers);
        }
    }

    @Override
    public void onUpstreamFailure(Failure why) {
        if (state == State.LEADS) {
            request.onUpstreamFailure(why);
            return;
        }
        UpstreamStream failed = stream;
        stream = null;
        if (failed != null && Attempts.isFault(failed, why)) {
            fail(why.reason());
        } else {
            settle(HedgeResult.FAILED);
        }
    }

    @Override
    public void onUpstreamWritable() {
        if (state == State.LEADS) {
            request.onUpstreamWritable();
        }
    }

    @Override
    public void onUpstreamReadComplete() {
        if (state == State.LEADS) {
            request.onUpstreamReadComplete();
        }
    }
}
