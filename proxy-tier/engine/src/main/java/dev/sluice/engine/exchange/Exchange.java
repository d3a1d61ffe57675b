package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.files.Directory;
import dev.sluice.engine.files.FileResponse;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Security;
import dev.sluice.engine.route.Reply;
import dev.sluice.engine.route.Step;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Group;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One request on its way: finds its endpoint, and then carries both bodies, each as fast as the
 * slower end takes it. Confined to the client's event loop.
 */
public final class Exchange implements RequestSink {
    private static final Fields NONE = new ListFields();
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final RequestHead head;
    private final Peer peer;
    private final Rules rules;
    private final Connections connections;
    private final BufferStore buffers;

    /** Waits for the disk. */
    private final Executor files;

    private final Ledger ledger;

    private final Tally tally;
    private final TimeLimit timeLimit = new TimeLimit();
    private RequestBody body;

    /** Behind what the route does with responses, once there is one. */
    private ClientStream client;

    /** As it goes on to a server. */
    private RequestHead sent;

    /** That it takes, if there is one. */
    private @Nullable Route route;

    /** Of a request that goes on to a server. */
    private @Nullable Way way;

    private long bodyBytes = Long.MAX_VALUE;

    /** Of a request that counts among its group's. */
    private @Nullable UpstreamRequest upstream;

    /** Of a request that gets one. */
    private @Nullable FileResponse file;

    /** That goes to another upstream; null for none. */
    private @Nullable MirroredRequest copy;

    /** The client's connection is just read, and says when to flush. */
    private boolean reading;

    /** What all requests of an event loop share. */
    public record Surroundings(
            Connections connections, BufferStore buffers, Executor files, Ledger ledger) {}

    public Exchange(
            RequestHead head,
            Peer peer,
            ClientStream client,
            Rules rules,
            Surroundings surroundings) {
        this.head = head;
        sent = head;
        this.peer = peer;
        this.client = client;
        this.rules = rules;
        connections = surroundings.connections;
        buffers = surroundings.buffers;
        files = surroundings.files;
        ledger = surroundings.ledger;
        body = new StreamedBody(client);
        tally = new Tally(now());
    }

    /** Call once. */
    public void start() {
        ledger.onBegin();
        tally.spans = ledger.trace(head, peer);
        Destination found = rules.routes().find(head, peer);
        Security security = peer.security();
        if (security != null && !security.isFor(head.host())) {
            fail(Failure.MISDIRECTED);
        } else if (found == null) {
            fail(Failure.NO_ROUTE);
        } else {
            reading = true;
            route = found.route();
            client = found.before(client, head, ledger);
            follow(found);
            reading = false;
        }
    }

    /** Instead of {@link #start}: there is no time for it. */
    public void shed() {
        ledger.onBegin();
        fail(Failure.SHED);
    }

    private void follow(Destination found) {
        long waitNanos = found.waitNanos(head, peer, now());
        if (waitNanos > 0) {
            String seconds = Long.toString(1 + (waitNanos - 1) / NANOS_PER_SECOND);
            fail(Failure.RATE_LIMITED, page -> page.set(Names.RETRY_AFTER, seconds));
        } else if (found.isPreflight(head)) {
            ownAnswer().toPreflight(found.allowsOrigin(head));
        } else {
            switch (found.step()) {
                case Step.Forward<Group> forward -> begin(found, forward);
                case Step.Serve<Group>(Directory from) -> serve(from);
                case Step.Answer<Group>(Reply reply) -> ownAnswer().give(reply, peer);
            }
        }
    }

    private OwnAnswer ownAnswer() {
        return new OwnAnswer(this, head, client, tally);
    }

    private void begin(Destination found, Step.Forward<Group> forward) {
        Route route = found.route();
        bodyBytes = found.bodyBytes();
        if (head.bodyLength() > bodyBytes) {
            fail(Failure.BODY_TOO_LARGE);
            return;
        }
        Group group = forward.to().of(head, peer);
        way = Way.of(group, forward.rewriting(), head, peer, rules.forwarding());
        timeLimit.begin(client.loop(), route, head.fields(), this::onTimeout);
        RequestHead onward = way.onward(head, peer, rules, tally);
        if (onward == null) {
            fail(Failure.BAD_TARGET);
            return;
        }
        sent = onward;
        Mirror mirror = found.mirror();
        if (mirror != null) {
            copy = mirror.copy(sent, peer, client.loop(), connections);
        }
        route.buffer().filter(_ -> isBufferable()).ifPresentOrElse(this::buffer, this::forward);
    }

    private void serve(Directory from) {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            fail(Failure.METHOD_NOT_ALLOWED, page -> page.set(Names.ALLOW, "GET, HEAD"));
            return;
        }
        tally.phase = Phase.RESPOND;
        body = new UnwantedBody();
        file = new FileResponse(from, head, client, files, new FileSending(this, tally));
        file.start();
    }

    /** A call of gRPC may wait for an answer before it goes on, as tunnels do. */
    private boolean isBufferable() {
        return head.hasBody() && !head.asksForTunnel() && !Grpc.isCall(head.fields());
    }

    /** No server is to blame: clients name limits of their own, as short as they like. */
    private void onTimeout() {
        // The time of a request that is still collected is its client's.
        fail(tally.phase == Phase.BUFFER ? Failure.CLIENT_TIMEOUT : Failure.REQUEST_TIMEOUT);
    }

    // ---- the buffer

    private void buffer(Route.Buffer limits) {
        tally.phase = Phase.BUFFER;
        if (limits.beyond() == Route.Beyond.REFUSE && head.bodyLength() > limits.bytes()) {
            buffers.onRefused();
            fail(Failure.BODY_TOO_LARGE);
            return;
        }
        body =
                new BufferedBody(
                        limits, buffers, buffers.share(rules.buffers()), client, new Buffering());
        if (head.fields().has(Names.EXPECT)) {
            // The endpoint, which would say it, does not hear of the request before its end.
            head.fields().remove(Names.EXPECT);
            client.inform(new ResponseHead(100, "", new ListFields(), 0));
        }
    }

    /** Hears of the body that is collected. */
    private final class Buffering implements BufferedBody.Owner {
        @Override
        public void onCollected() {
            forward();
        }

        @Override
        public void onUnkept(Failure why) {
            fail(why);
        }
    }

    // ---- to the servers

    private void forward() {
        Way to = Objects.requireNonNull(way);
        if (!to.group().enter()) {
            fail(Failure.OVERLOADED);
            return;
        }
        Attempts attempts =
                new Attempts(
                        to.group(),
                        to.affinity().place(),
                        Objects.requireNonNull(route),
                        head,
                        ledger,
                        client.loop().ticker());
        upstream = new UpstreamRequest(this, client, tally, to, sent, body, attempts);
        upstream.start();
    }

    void connect(HostPort endpoint, boolean fresh, ConnectionWaiter waiter) {
        connections.connect(endpoint, Objects.requireNonNull(way).group(), peer, fresh, waiter);
    }

    /** The client's connection is just read, and says when to flush. */
    boolean isReading() {
        return reading;
    }

    /** It may last as long as it likes. */
    void onTunnel() {
        timeLimit.cancel();
        ledger.onTunnel();
    }

    void sign(ResponseHead response) {
        if (!rules.servedBy().isEmpty()) {
            response.fields().set(Names.SERVED_BY, rules.servedBy());
        }
    }

    // ---- from the client

    @Override
    public void onData(ByteBuf data) {
        tally.requestBytes += data.readableBytes();
        if (tally.phase == Phase.DONE) {
            data.release();
        } else if (tally.requestBytes > bodyBytes && tally.phase != Phase.TUNNEL) {
            data.release();
            fail(Failure.BODY_TOO_LARGE);
        } else {
            if (copy != null) {
                copy.onData(data);
            }
            body.onData(data);
        }
    }

    @Override
    public void onEnd(Fields trailers) {
        if (tally.phase == Phase.TUNNEL && upstream != null) {
            upstream.endTunnel();
            client.end(NONE);
            finish();
        } else if (tally.phase != Phase.DONE) {
            body.onEnd(trailers);
            if (copy != null) {
                copy.onEnd(trailers);
            }
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
        } else if (file != null) {
            file.onWritable();
        }
    }

    @Override
    public void onAbort(Failure why) {
        if (tally.phase == Phase.TUNNEL && upstream != null) {
            upstream.endTunnel();
        }
        tally.fail(why);
        finish();
    }

    long now() {
        return client.loop().ticker().nanoTime();
    }

    // ---- the end

    void fail(Failure why) {
        fail(why, _ -> {});
    }

    /** With more for its page to say. */
    private void fail(Failure why, Consumer<Fields> page) {
        tally.fail(why);
        client.fail(why, page);
        finish();
    }

    void finish() {
        if (tally.phase == Phase.DONE) {
            return;
        }
        tally.end(now());
        tally.phase = Phase.DONE;
        timeLimit.cancel();
        client.release();
        body.release();
        if (copy != null) {
            copy.onOver();
        }
        if (upstream != null) {
            upstream.end();
        }
        if (file != null) {
            file.close();
        }
        if (tally.spans != null) {
            tally.spans.end(route == null ? "" : route.name(), tally.status, tally.outcome());
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
                route,
                way == null ? null : way.group().upstream().name(),
                tally.endpoint,
                upstream == null ? 0 : upstream.attempts(),
                upstream == null ? null : upstream.hedgeResult(),
                tally.requestBytes,
                tally.responseBytes,
                tally.timings(),
                tally.trace);
    }
}
