package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Route;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.Security;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Group;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/**
 * One request on its way: finds its endpoint, and then carries both bodies, each as fast as the
 * slower end takes it. Confined to the client's event loop.
 */
public final class Exchange implements RequestSink, ResponseSink, ConnectionWaiter {
    private static final Fields NONE = new ListFields();

    private final RequestHead head;
    private final Peer peer;
    private final ClientStream client;
    private final Connections connections;
    private final Ledger ledger;
    private final Rules rules;

    private final Tally tally;
    private final EarlyRequest early = new EarlyRequest();
    private Phase phase = Phase.ROUTE;
    private @Nullable Destination destination;
    private @Nullable UpstreamStream upstream;
    private @Nullable ScheduledFuture<?> timeout;
    private Failure connectFailure = Failure.CONNECT_FAILED;
    private boolean connecting;
    private boolean bodySent;

    public Exchange(
            RequestHead head,
            Peer peer,
            ClientStream client,
            Connections connections,
            Rules rules,
            Ledger ledger) {
        this.head = head;
        this.peer = peer;
        this.client = client;
        this.connections = connections;
        this.rules = rules;
        this.ledger = ledger;
        tally = new Tally(client.loop().ticker().nanoTime());
    }

    /** Call once. */
    public void start() {
        ledger.onBegin();
        Destination found = rules.routes().find(head.host(), head.path());
        Security security = peer.security();
        if (security != null && !security.isFor(head.host())) {
            fail(Failure.MISDIRECTED);
        } else if (found == null) {
            fail(Failure.NO_ROUTE);
        } else if (!found.group().enter()) {
            fail(Failure.OVERLOADED);
        } else {
            destination = found;
            limitTime(found.route());
            HopByHop.drop(head.fields());
            rules.forwarding().apply(head, peer);
            nameHost();
            connect(found.group(), null, false);
        }
    }

    /** It may have come with the target, or not at all. */
    private void nameHost() {
        if (!head.authority().equals(head.fields().get(Names.HOST))) {
            head.fields().set(Names.HOST, head.authority());
        }
    }

    /** By the route, or by the client itself if it is in a greater hurry. */
    private void limitTime(Route route) {
        long asked = Grpc.timeoutNanos(head.fields());
        long nanos = route.requestTimeout().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        nanos = asked == 0 ? nanos : Math.min(asked, nanos);
        if (nanos != Long.MAX_VALUE) {
            timeout =
                    client.loop()
                            .schedule(
                                    () -> fail(Failure.REQUEST_TIMEOUT),
                                    nanos,
                                    TimeUnit.NANOSECONDS);
        }
    }

    // ---- the connection

    private void connect(Group group, @Nullable HostPort failed, boolean fresh) {
        phase = Phase.CONNECT;
        tally.attempts++;
        HostPort next = group.next(failed);
        if (next == null) {
            fail(failed == null ? Failure.NO_ENDPOINT : connectFailure);
            return;
        }
        tally.endpoint = next;
        connecting = true;
        connections.connect(next, group, fresh, this);
        connecting = false;
        if (phase == Phase.CONNECT) {
            client.pause();
        }
    }

    @Override
    public void onConnected(UpstreamStream stream) {
        if (phase != Phase.CONNECT) {
            stream.abort();
            return;
        }
        upstream = stream;
        phase = Phase.AWAIT_RESPONSE;
        stream.open(head, this);
        bodySent = early.hasData();
        early.sendTo(stream);
        if (!connecting && head.hasBody()) {
            // Otherwise the client's connection is just read, and says when to.
            stream.flush();
        }
        client.resume();
    }

    @Override
    public void onConnectFailed(Throwable cause) {
        Destination to = destination;
        if (phase != Phase.CONNECT || to == null) {
            return;
        }
        connectFailure =
                cause instanceof SSLException ? Failure.TLS_FAILED : Failure.CONNECT_FAILED;
        if (tally.attempts == 1) {
            connect(to.group(), tally.endpoint, false);
        } else {
            fail(connectFailure);
        }
    }

    // ---- from the client

    @Override
    public void onData(ByteBuf data) {
        tally.requestBytes += data.readableBytes();
        UpstreamStream to = upstream;
        if (phase == Phase.DONE) {
            data.release();
            return;
        }
        if (to == null) {
            early.add(data);
            return;
        }
        bodySent = true;
        to.data(data);
        if (!to.isWritable()) {
            client.pause();
        }
    }

    @Override
    public void onEnd(Fields trailers) {
        early.end(trailers);
        if (upstream != null) {
            upstream.end(trailers);
        }
    }

    @Override
    public void onReadComplete() {
        if (upstream != null) {
            upstream.flush();
        }
    }

    @Override
    public void onWritable() {
        if (upstream != null) {
            upstream.resume();
        }
    }

    @Override
    public void onAbort(Failure why) {
        if (phase == Phase.TUNNEL && upstream != null) {
            upstream.end(NONE);
        }
        tally.fail(why);
        finish();
    }

    // ---- from the endpoint

    @Override
    public void onInform(ResponseHead informational) {
        HopByHop.drop(informational.fields());
        client.inform(informational);
    }

    @Override
    public void onResponse(ResponseHead response) {
        phase = response.status() == 101 ? Phase.TUNNEL : Phase.RESPOND;
        tally.status = response.status();
        HopByHop.drop(response.fields());
        response.fields().remove(Names.REASON);
        if (!rules.servedBy().isEmpty()) {
            response.fields().set(Names.SERVED_BY, rules.servedBy());
        }
        if (phase == Phase.TUNNEL) {
            cancelTimeout();
            ledger.onTunnel();
        }
        client.respond(response);
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
        client.end(trailers);
        finish();
    }

    @Override
    public void onUpstreamReadComplete() {
        client.flush();
    }

    @Override
    public void onUpstreamWritable() {
        client.resume();
    }

    @Override
    public void onUpstreamFailure(Failure why) {
        UpstreamStream failed = upstream;
        Destination to = destination;
        upstream = null;
        if (phase == Phase.TUNNEL) {
            client.end(NONE);
            finish();
        } else if (failed != null && to != null && mayRepeat(failed, why)) {
            connect(to.group(), null, true);
        } else {
            fail(why);
        }
    }

    /**
     * A server may close a resting connection just as it is used again. That is no answer: if none
     * of the request can have been acted upon twice, it is asked again, on a new connection. One
     * that says that it did not process the request (RFC 9113 §8.7) may be believed.
     */
    private boolean mayRepeat(UpstreamStream failed, Failure why) {
        if (phase != Phase.AWAIT_RESPONSE || tally.attempts > 1 || bodySent) {
            return false;
        }
        return switch (why) {
            case UPSTREAM_REFUSED -> true;
            case UPSTREAM_CLOSED -> failed.isReused() && !head.hasBody() && head.isIdempotent();
            default -> false;
        };
    }

    // ---- the end

    private void fail(Failure why) {
        tally.fail(why);
        client.fail(why);
        finish();
    }

    private void finish() {
        if (phase == Phase.DONE) {
            return;
        }
        tally.end(phase, client.loop().ticker().nanoTime());
        phase = Phase.DONE;
        cancelTimeout();
        early.release();
        UpstreamStream open = upstream;
        upstream = null;
        if (open != null) {
            open.abort();
        }
        if (destination != null) {
            destination.group().leave();
        }
        ledger.onEnd(this);
    }

    /** What the access log says; complete once the ledger was told. */
    public Summary summary() {
        return new Summary(
                head,
                peer,
                tally.status,
                tally.outcome(),
                tally.endedIn,
                tally.endpoint,
                tally.attempts,
                tally.requestBytes,
                tally.responseBytes,
                tally.durationNanos());
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }
}
