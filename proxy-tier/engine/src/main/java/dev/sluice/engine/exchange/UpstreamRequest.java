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
import dev.sluice.engine.upstream.LimitReached;
import dev.sluice.engine.upstream.Search;
import dev.sluice.engine.upstream.Waiter;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

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

    /** Null before somebody else is asked as well. */
    private @Nullable Hedge hedge;

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
        attempts.sent(client.loop(), 0, this::onTryTimeout);
        if (hedge == null && attempts.mayHedge()) {
            attempts.hedgeLater(client.loop(), this::onSlow);
        }
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
        failHedge();
        if (cause instanceof LimitReached) {
            exchange.fail(Failure.QUEUE_TIMEOUT);
            return;
        }
        Failure why = Attempts.ofConnect(cause);
        connect(attempts.nextAfter(why), why, false);
    }

    /** As long as nothing came, and it is worth it, somebody else is asked. */
    private void onTryTimeout() {
        UpstreamStream slow = upstream;
        if (tally.phase != Phase.AWAIT_RESPONSE || slow == null) {
            return;
        }
        Hedge beside = beside();
        if (beside == null ? attempts.mayAskAnother(slow, body) : !slow.isAnswered()) {
            attempts.failed(slow, Failure.UPSTREAM_TIMEOUT);
            giveUp(slow);
            goOn(beside, Failure.UPSTREAM_TIMEOUT);
        }
    }

    private void giveUp(UpstreamStream unwanted) {
        upstream = null;
        body.detach();
        unwanted.abort();
    }

    /** With who is asked already, or somebody else, on a new connection. */
    private void goOn(@Nullable Hedge beside, Failure why) {
        if (beside != null) {
            follow(beside);
        } else {
            failHedge();
            connect(attempts.nextElsewhere(), why, true);
        }
    }

    // ---- two at a time

    /** Null if there is none that the request could go on with. */
    private @Nullable Hedge beside() {
        return hedge != null && hedge.isBeside() ? hedge : null;
    }

    /** The first endpoint has the request and takes long: somebody else is asked as well. */
    private void onSlow() {
        if (tally.phase != Phase.AWAIT_RESPONSE || upstream == null || !body.isWhole()) {
            return;
        }
        Search search = attempts.hedge();
        if (search == null) {
            return;
        }
        Hedge next = new Hedge(this, head, body, attempts, search);
        hedge = next;
        if (tally.spans != null) {
            tally.spans.hedge(next.endpoint());
        }
        exchange.connect(next.endpoint(), false, next);
    }

    /** The second one has the head of an answer, before the first. */
    void overtake(ResponseHead response) {
        attempts.overtaken();
        giveUp(Objects.requireNonNull(upstream));
        follow(Objects.requireNonNull(hedge));
        onResponse(response);
    }

    /** There is no other any more. */
    private void follow(Hedge beside) {
        upstream = beside.lead();
        tally.endpoint = beside.endpoint();
        if (tally.spans != null) {
            tally.spans.moveTo(beside.endpoint());
        }
        if (upstream == null) {
            tally.phase = Phase.CONNECT;
            tally.connect(exchange.now());
        } else {
            tally.connected(beside.sentNanos());
            long agoNanos = exchange.now() - beside.sentNanos();
            attempts.sent(client.loop(), agoNanos, this::onTryTimeout);
        }
    }

    /** The one that leads, if any, did not answer as it should. */
    private void failHedge() {
        if (hedge != null) {
            hedge.onFailed();
        }
    }

    @Nullable HedgeResult hedgeResult() {
        return hedge == null ? null : hedge.result();
    }

    // ---- from the endpoint

    @Override
    public void onInform(ResponseHead informational) {
        HopByHop.drop(informational.fields());
        client.inform(informational);
    }

    @Override
    public void onResponse(ResponseHead response) {
        Hedge beside = beside();
        if (beside != null && attempts.isUnwanted(response.status())) {
            attempts.blame(response.status());
            giveUp(Objects.requireNonNull(upstream));
            follow(beside);
            return;
        }
        if (attempts.mayRepeat(response.status(), body)) {
            failHedge();
            giveUp(Objects.requireNonNull(upstream));
            // What the one that answers has to say is not heard.
            connect(attempts.nextElsewhere(), Failure.BAD_STATUS, false);
            return;
        }
        if (hedge != null) {
            hedge.onAnswered();
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
            return;
        }
        if (failed != null) {
            attempts.failed(failed, why);
        }
        Hedge beside = beside();
        if (failed != null && (beside != null || isRepeated(failed, why))) {
            goOn(beside, why);
        } else {
            failHedge();
            exchange.fail(why);
        }
    }

    private boolean isRepeated(UpstreamStream failed, Failure why) {
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
        if (hedge != null) {
            hedge.end();
        }
        attempts.end();
    }
}
