package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.Waiter;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

import javax.net.ssl.SSLException;

/**
 * The part of an exchange that its servers see: one endpoint after the other is asked until one
 * answers, and what that one says goes to the client. Confined to the client's event loop.
 */
final class UpstreamRequest implements ResponseSink, ConnectionWaiter {
    private static final Fields NONE = new ListFields();

    private final Exchange exchange;
    private final ClientStream client;
    private final Tally tally;
    private final Way way;

    /** As it goes on to a server. */
    private final RequestHead head;

    private final RequestBody body;
    private final Attempts attempts;
    private @Nullable UpstreamStream upstream;

    /** For a request that has entered its group. */
    UpstreamRequest(
            Exchange exchange,
            ClientStream client,
            Tally tally,
            Way way,
            RequestHead head,
            RequestBody body,
            Attempts attempts) {
        this.exchange = exchange;
        this.client = client;
        this.tally = tally;
        this.way = way;
        this.head = head;
        this.body = body;
        this.attempts = attempts;
    }

    /** Call once. */
    void start() {
        attempts.pin(way.group().pinned(way.affinity().token()));
        connect(attempts.next(), Failure.NO_ENDPOINT, false);
    }

    private void connect(@Nullable Endpoint next, Failure otherwise, boolean fresh) {
        if (next == null && attempts.isCrowded()) {
            queue(otherwise, fresh);
            return;
        }
        tally.phase = Phase.CONNECT;
        tally.connect(exchange.now());
        if (next == null) {
            exchange.fail(otherwise);
            return;
        }
        tally.endpoint = next.address();
        if (tally.spans != null) {
            tally.spans.attempt(next.address(), otherwise);
        }
        exchange.connect(next.address(), fresh, this);
        if (tally.phase == Phase.CONNECT) {
            client.pause();
        }
    }

    private void queue(Failure otherwise, boolean fresh) {
        tally.phase = Phase.QUEUE;
        if (head.hasBody()) {
            client.pause();
        }
        attempts.await(client.loop(), new Turn(otherwise, fresh));
    }

    /** Is told when there is a place at an endpoint. */
    private final class Turn implements Waiter {
        private final Failure otherwise;
        private final boolean fresh;

        Turn(Failure otherwise, boolean fresh) {
            this.otherwise = otherwise;
            this.fresh = fresh;
        }

        @Override
        public void onPlace(Endpoint endpoint) {
            attempts.came();
            connect(endpoint, otherwise, fresh);
        }

        @Override
        public void onLineFull() {
            refuse(Failure.QUEUE_FULL);
        }

        @Override
        public void onWaitedTooLong() {
            refuse(Failure.QUEUE_TIMEOUT);
        }

        private void refuse(Failure why) {
            tally.connect(exchange.now());
            exchange.fail(why);
        }
    }

    @Override
    public void onConnected(UpstreamStream stream) {
        if (tally.phase != Phase.CONNECT) {
            stream.abort();
            return;
        }
        upstream = stream;
        tally.phase = Phase.AWAIT_RESPONSE;
        tally.connected(exchange.now());
        stream.open(head, this);
        attempts.sent(client.loop(), this::onTryTimeout);
        body.sendTo(stream);
        if (!exchange.isReading() && head.hasBody()) {
            stream.flush();
        }
    }

    @Override
    public void onConnectFailed(Throwable cause) {
        if (tally.phase != Phase.CONNECT) {
            return;
        }
        Failure why = cause instanceof SSLException ? Failure.TLS_FAILED : Failure.CONNECT_FAILED;
        connect(attempts.nextAfter(why), why, false);
    }

    /** As long as nothing came, and it is worth it, somebody else is asked. */
    private void onTryTimeout() {
        UpstreamStream slow = upstream;
        if (tally.phase != Phase.AWAIT_RESPONSE
                || slow == null
                || !attempts.mayAskAnother(slow, body)) {
            return;
        }
        upstream = null;
        body.detach();
        attempts.failed(slow, Failure.UPSTREAM_TIMEOUT);
        slow.abort();
        connect(attempts.nextElsewhere(), Failure.UPSTREAM_TIMEOUT, true);
    }

    @Override
    public void onInform(ResponseHead informational) {
        HopByHop.drop(informational.fields());
        client.inform(informational);
    }

    @Override
    public void onResponse(ResponseHead response) {
        if (attempts.mayRepeat(response.status(), body)) {
            askAnother();
            return;
        }
        attempts.answered(response);
        tally.phase = response.status() == 101 ? Phase.TUNNEL : Phase.RESPOND;
        body.onAnswered();
        tally.status = response.status();
        tally.answered(exchange.now());
        dress(response);
        if (tally.phase == Phase.TUNNEL) {
            exchange.onTunnel();
        }
        client.respond(response);
    }

    /** Ours on top of the server's. */
    private void dress(ResponseHead response) {
        HopByHop.drop(response.fields());
        response.fields().remove(Names.REASON);
        way.rewriting().response(response.fields());
        exchange.sign(response);
        HostPort endpoint = tally.endpoint;
        if (endpoint != null) {
            way.affinity().pin(response.fields(), way.group(), endpoint);
        }
    }

    /** What the one that answers has to say is not heard. */
    private void askAnother() {
        UpstreamStream unwanted = Objects.requireNonNull(upstream);
        upstream = null;
        body.detach();
        unwanted.abort();
        connect(attempts.nextElsewhere(), Failure.BAD_STATUS, false);
    }

    @Override
    public void onResponseData(ByteBuf data) {
        tally.responseBytes += data.readableBytes();
        client.data(data);
        if (upstream != null && !client.isWritable()) {
            upstream.pause();
        }
    }

    @Override
    public void onResponseEnd(Fields trailers) {
        upstream = null;
        attempts.completed(trailers);
        client.end(trailers);
        exchange.finish();
    }

    @Override
    public void onUpstreamReadComplete() {
        client.flush();
    }

    @Override
    public void onUpstreamWritable() {
        body.onUpstreamWritable();
    }

    @Override
    public void onUpstreamFailure(Failure why) {
        UpstreamStream failed = upstream;
        upstream = null;
        body.detach();
        if (tally.phase == Phase.TUNNEL) {
            client.end(NONE);
            exchange.finish();
        } else if (failed != null && isRepeated(failed, why)) {
            connect(attempts.nextElsewhere(), why, true);
        } else {
            exchange.fail(why);
        }
    }

    private boolean isRepeated(UpstreamStream failed, Failure why) {
        attempts.failed(failed, why);
        return tally.phase == Phase.AWAIT_RESPONSE && attempts.mayRepeat(failed, why, body);
    }

    // ---- from the client

    void flush() {
        if (upstream != null) {
            upstream.flush();
        }
    }

    void resume() {
        if (upstream != null) {
            upstream.resume();
        }
    }

    /** The client has nothing more to say in its tunnel. */
    void endTunnel() {
        if (upstream != null) {
            upstream.end(NONE);
        }
    }

    int attempts() {
        return attempts.made();
    }

    /** The exchange is over; what is still asked for is not wanted any more. */
    void end() {
        UpstreamStream open = upstream;
        upstream = null;
        if (open != null) {
            open.abort();
        }
        attempts.end();
    }
}
