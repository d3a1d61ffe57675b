package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.route.Repeats;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.ErrorPage;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.Security;
import dev.sluice.engine.http.TraceParent;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.route.KeyReader;
import dev.sluice.engine.route.Reply;
import dev.sluice.engine.route.Rewriting;
import dev.sluice.engine.route.Step;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Group;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import javax.net.ssl.SSLException;

/**
 * One request on its way: finds its endpoint, and then carries both bodies, each as fast as the
 * slower end takes it. Confined to the client's event loop.
 */
public final class Exchange implements RequestSink, ResponseSink, ConnectionWaiter {
    private static final Fields NONE = new ListFields();
    private static final Name RETRY_AFTER = Name.of("retry-after");
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int NO_CONTENT = 204;
    private static final byte[] NOTHING = new byte[0];

    private final RequestHead head;
    private final Peer peer;
    private final Rules rules;
    private final Connections connections;
    private final BufferStore buffers;
    private final Ledger ledger;

    private final Tally tally;
    private final TimeLimit timeLimit = new TimeLimit();
    private RequestBody body;

    /** Behind what the route does with responses, once there is one. */
    private ClientStream client;

    private Phase phase = Phase.ROUTE;

    /** As it goes on to a server. */
    private RequestHead sent;

    /** That it takes, if there is one. */
    private @Nullable Route route;

    /** Of a request that goes to one. */
    private @Nullable Group group;

    /** Where the request belongs on the group's ring, if it has one. */
    private long place;

    /** What the client's cookie says of its endpoint. */
    private @Nullable String token;

    /** As far as we or a trusted peer know; the cookie is for no other connections then. */
    private boolean secure;

    private @Nullable Rewriting rewriting;
    private Repeats repeats = Repeats.USUAL;
    private long bodyBytes = Long.MAX_VALUE;

    /** Of a request that counts among its group's. */
    private @Nullable Attempts attempts;

    private @Nullable UpstreamStream upstream;

    /** The client's connection is just read, and says when to flush. */
    private boolean reading;

    /** What all requests of an event loop share. */
    public record Surroundings(Connections connections, BufferStore buffers, Ledger ledger) {}

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
        ledger = surroundings.ledger;
        body = new StreamedBody(client);
        tally = new Tally(now());
    }

    /** Call once. */
    public void start() {
        ledger.onBegin();
        Destination found = rules.routes().find(head, peer);
        Security security = peer.security();
        if (security != null && !security.isFor(head.host())) {
            fail(Failure.MISDIRECTED);
        } else if (found == null) {
            fail(Failure.NO_ROUTE);
        } else {
            reading = true;
            route = found.route();
            client = found.before(client, head);
            follow(found);
            reading = false;
        }
    }

    private void follow(Destination found) {
        long waitNanos = found.waitNanos(head, peer, now());
        if (waitNanos > 0) {
            refuse(waitNanos);
            return;
        }
        if (found.isPreflight(head)) {
            answerPreflight(found);
            return;
        }
        switch (found.step()) {
            case Step.Forward<Group> forward -> begin(found, forward);
            case Step.Answer<Group>(Reply reply) -> answer(reply);
        }
    }

    /** The stream itself says what the page may do. */
    private void answerPreflight(Destination found) {
        if (found.allowsOrigin(head)) {
            phase = Phase.RESPOND;
            tally.status = NO_CONTENT;
            reply(new ResponseHead(NO_CONTENT, "", new ListFields(), 0), NOTHING);
        } else {
            fail(Failure.ORIGIN_REFUSED);
        }
    }

    /** Too many of its kind came before. */
    private void refuse(long waitNanos) {
        if (Grpc.isCall(head.fields())) {
            fail(Failure.RATE_LIMITED);
            return;
        }
        ResponseHead page = ErrorPage.head(Failure.RATE_LIMITED);
        page.fields().set(RETRY_AFTER, Long.toString(1 + (waitNanos - 1) / NANOS_PER_SECOND));
        tally.fail(Failure.RATE_LIMITED);
        reply(page, ErrorPage.body(Failure.RATE_LIMITED));
    }

    private void begin(Destination found, Step.Forward<Group> way) {
        Route route = found.route();
        repeats = route.retries();
        bodyBytes = found.bodyBytes();
        if (head.bodyLength() > bodyBytes) {
            fail(Failure.BODY_TOO_LARGE);
            return;
        }
        group = way.to().of(head, peer);
        place = placeIn(group);
        String cookie = group.cookie();
        token = cookie == null ? null : KeyReader.cookie(head, cookie);
        secure = cookie != null && rules.forwarding().isSecure(head, peer);
        rewriting = way.rewriting();
        timeLimit.begin(client.loop(), route, head.fields(), this::onTimeout);
        HopByHop.drop(head.fields());
        rules.forwarding().apply(head, peer);
        trace();
        RequestHead rewritten = rewriting.request(head);
        if (rewritten == null) {
            fail(Failure.BAD_TARGET);
            return;
        }
        sent = rewritten;
        nameHost();
        route.buffer().filter(_ -> isBufferable()).ifPresentOrElse(this::buffer, this::forward);
    }

    /** Before anything is changed in the head. */
    private long placeIn(Group to) {
        Balancing balancing = to.upstream().balancing();
        return balancing.method() == Balancing.Method.RING_HASH
                ? Endpoints.place(
                        new KeyReader(balancing.hashBy(), rules.forwarding()).read(head, peer))
                : 0;
    }

    /** Behind what a client may have named away. */
    private void trace() {
        if (rules.telemetry().beginTraces()) {
            TraceParent.ensure(head.fields(), ThreadLocalRandom.current());
        }
        if (rules.telemetry().accessLog().isPresent()) {
            tally.trace = TraceParent.traceOf(head.fields());
        }
    }

    /** Without a server. */
    private void answer(Reply reply) {
        ResponseHead response = reply.head(head, peer);
        if (response == null) {
            fail(Failure.BAD_TARGET);
            return;
        }
        phase = Phase.RESPOND;
        tally.status = response.status();
        reply(response, reply.body());
    }

    private void reply(ResponseHead response, byte[] content) {
        sign(response);
        client.respond(response);
        if (!head.method().equals("HEAD")) {
            tally.responseBytes += content.length;
            client.data(Unpooled.wrappedBuffer(content));
        }
        client.end(NONE);
        finish();
    }

    /** It may have come with the target, or not at all. */
    private void nameHost() {
        if (!sent.authority().equals(head.fields().get(Names.HOST))) {
            head.fields().set(Names.HOST, sent.authority());
        }
    }

    /** A call of gRPC may wait for an answer before it goes on, as tunnels do. */
    private boolean isBufferable() {
        return head.hasBody() && !head.asksForTunnel() && !Grpc.isCall(head.fields());
    }

    /** No server is to blame: clients name limits of their own, as short as they like. */
    private void onTimeout() {
        // The time of a request that is still collected is its client's.
        fail(phase == Phase.BUFFER ? Failure.CLIENT_TIMEOUT : Failure.REQUEST_TIMEOUT);
    }

    // ---- the buffer

    private void buffer(Route.Buffer limits) {
        phase = Phase.BUFFER;
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

    // ---- the connection

    private void forward() {
        if (group().enter()) {
            attempts = new Attempts(group(), place, repeats, head, ledger, client.loop().ticker());
            attempts.pin(group().pinned(token));
            connect(attempts.next(), Failure.NO_ENDPOINT, false);
        } else {
            fail(Failure.OVERLOADED);
        }
    }

    private Group group() {
        return Objects.requireNonNull(group);
    }

    private void connect(@Nullable Endpoint next, Failure otherwise, boolean fresh) {
        phase = Phase.CONNECT;
        tally.connect(now());
        if (next == null) {
            fail(otherwise);
            return;
        }
        tally.endpoint = next.address();
        connections.connect(next.address(), group(), peer, fresh, this);
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
        tally.connected(now());
        stream.open(sent, this);
        Objects.requireNonNull(attempts).sent(client.loop(), this::onTryTimeout);
        body.sendTo(stream);
        if (!reading && head.hasBody()) {
            stream.flush();
        }
    }

    @Override
    public void onConnectFailed(Throwable cause) {
        if (phase != Phase.CONNECT) {
            return;
        }
        Failure why = cause instanceof SSLException ? Failure.TLS_FAILED : Failure.CONNECT_FAILED;
        connect(Objects.requireNonNull(attempts).nextAfter(why), why, false);
    }

    /** As long as nothing came, and it is worth it, somebody else is asked. */
    private void onTryTimeout() {
        UpstreamStream slow = upstream;
        Attempts so = attempts;
        if (phase != Phase.AWAIT_RESPONSE
                || slow == null
                || so == null
                || !so.mayAskAnother(slow, body)) {
            return;
        }
        upstream = null;
        body.detach();
        so.failed(slow, Failure.UPSTREAM_TIMEOUT);
        slow.abort();
        connect(so.nextElsewhere(), Failure.UPSTREAM_TIMEOUT, true);
    }

    // ---- from the client

    @Override
    public void onData(ByteBuf data) {
        tally.requestBytes += data.readableBytes();
        if (phase == Phase.DONE) {
            data.release();
        } else if (tally.requestBytes > bodyBytes && phase != Phase.TUNNEL) {
            data.release();
            fail(Failure.BODY_TOO_LARGE);
        } else {
            body.onData(data);
        }
    }

    @Override
    public void onEnd(Fields trailers) {
        if (phase != Phase.DONE) {
            body.onEnd(trailers);
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
        Attempts so = Objects.requireNonNull(attempts);
        if (so.mayRepeat(response.status(), body)) {
            askAnother();
            return;
        }
        so.answered(response.status());
        phase = response.status() == 101 ? Phase.TUNNEL : Phase.RESPOND;
        body.onAnswered();
        tally.status = response.status();
        tally.answered(now());
        HopByHop.drop(response.fields());
        response.fields().remove(Names.REASON);
        Objects.requireNonNull(rewriting).response(response.fields());
        sign(response);
        pin(response);
        if (phase == Phase.TUNNEL) {
            timeLimit.cancel();
            ledger.onTunnel();
        }
        client.respond(response);
    }

    /** The client stays where it was answered, unless it knows that already. */
    private void pin(ResponseHead response) {
        String cookie = group().cookie();
        HostPort endpoint = tally.endpoint;
        if (cookie == null || endpoint == null) {
            return;
        }
        String next = group().token(endpoint);
        if (!next.equals(token)) {
            String terms =
                    secure
                            ? "; Path=/; HttpOnly; SameSite=Lax; Secure"
                            : "; Path=/; HttpOnly; SameSite=Lax";
            response.fields().add(Names.SET_COOKIE, cookie + "=" + next + terms);
        }
    }

    /** What the one that answers has to say is not heard. */
    private void askAnother() {
        UpstreamStream unwanted = Objects.requireNonNull(upstream);
        upstream = null;
        body.detach();
        unwanted.abort();
        connect(Objects.requireNonNull(attempts).nextElsewhere(), Failure.BAD_STATUS, false);
    }

    private void sign(ResponseHead response) {
        if (!rules.servedBy().isEmpty()) {
            response.fields().set(Names.SERVED_BY, rules.servedBy());
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
        Objects.requireNonNull(attempts).completed();
        client.end(trailers);
        finish();
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
        if (phase == Phase.TUNNEL) {
            client.end(NONE);
            finish();
        } else if (failed != null && isRepeated(failed, why)) {
            connect(Objects.requireNonNull(attempts).nextElsewhere(), why, true);
        } else {
            fail(why);
        }
    }

    private boolean isRepeated(UpstreamStream failed, Failure why) {
        Attempts so = Objects.requireNonNull(attempts);
        so.failed(failed, why);
        return phase == Phase.AWAIT_RESPONSE && so.mayRepeat(failed, why, body);
    }

    private long now() {
        return client.loop().ticker().nanoTime();
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
        tally.end(phase, now());
        phase = Phase.DONE;
        timeLimit.cancel();
        client.release();
        body.release();
        UpstreamStream open = upstream;
        upstream = null;
        if (open != null) {
            open.abort();
        }
        if (attempts != null) {
            attempts.end();
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
                group == null ? null : group.upstream().name(),
                tally.endpoint,
                attempts == null ? 0 : attempts.made(),
                tally.requestBytes,
                tally.responseBytes,
                tally.timings(),
                tally.trace);
    }
}
