package dev.sluice.engine.health;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.upstream.ConnectionWaiter;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Target;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One check: goes the way that requests go, so that it finds what they would. Confined to its event
 * loop; says once how it ended.
 */
final class Attempt implements ConnectionWaiter, ResponseSink {
    private static final Fields NONE = new ListFields();

    /** Enough for the answer of gRPC; more of a body says nothing. */
    private static final int START = 16;

    private static final int MOST_BODY = 64 << 10;

    private final HealthChecks.Site site;
    private final HostPort address;
    private final Group group;
    private final HealthCheck check;
    private final Consumer<@Nullable String> done;
    private @Nullable Question question;
    private @Nullable UpstreamStream stream;
    private @Nullable ResponseHead head;
    private @Nullable ScheduledFuture<?> timeout;
    private final byte[] start = new byte[START];
    private int bodyLength;
    private boolean over;

    /**
     * Checks nothing yet.
     *
     * @param done hears what is wrong; null if all is well
     */
    Attempt(
            HealthChecks.Site site,
            HostPort endpoint,
            Group group,
            Consumer<@Nullable String> done) {
        this.site = site;
        this.group = group;
        this.done = done;
        check = group.upstream().check().orElseThrow();
        address = Question.address(endpoint, check);
    }

    void start() {
        long nanos = check.timeout().toNanos();
        timeout = site.loop().schedule(this::onTimeout, nanos, TimeUnit.NANOSECONDS);
        Target target = group.to(address);
        switch (check.probe()) {
            case HealthCheck.Http http -> ask(Question.http(http, target), !isShared(target));
            case HealthCheck.Grpc grpc -> ask(Question.grpc(grpc, target), !isShared(target));
            case HealthCheck.Tcp() ->
                    site.connections()
                            .probe(
                                    target,
                                    Math.toIntExact(check.timeout().toMillis()),
                                    this::onProbed);
        }
    }

    /** Where requests share connections, one more for each check would tell nothing. */
    private static boolean isShared(Target target) {
        return switch (target.version()) {
            case H1 -> false;
            case H2, AUTO -> true;
        };
    }

    private void ask(Question asked, boolean fresh) {
        question = asked;
        site.connections().check(address, group, self(), fresh, this);
    }

    /** For endpoints that are told who asks: the check stands for nobody else. */
    private Peer self() {
        return new Peer(address, address, false);
    }

    private void onProbed(@Nullable Throwable failure) {
        end(failure == null ? null : describe(failure));
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private void onTimeout() {
        end(stream == null ? "no connection in time" : "no answer in time");
    }

    private void end(@Nullable String problem) {
        if (over) {
            return;
        }
        over = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
        UpstreamStream open = stream;
        stream = null;
        if (open != null) {
            open.abort();
        }
        site.connections().onClientGone(self().socket());
        done.accept(problem);
    }

    // ---- the connection

    @Override
    public void onConnected(UpstreamStream made) {
        Question asked = question;
        if (over || asked == null) {
            made.abort();
            return;
        }
        stream = made;
        made.open(asked.head(), this);
        if (asked.body().length > 0) {
            made.data(Unpooled.wrappedBuffer(asked.body()));
        }
        made.end(NONE);
    }

    @Override
    public void onConnectFailed(Throwable cause) {
        end(describe(cause));
    }

    // ---- the answer

    @Override
    public void onInform(ResponseHead informational) {}

    @Override
    public void onResponse(ResponseHead response) {
        head = response;
    }

    @Override
    public void onResponseData(ByteBuf data) {
        int length = data.readableBytes();
        int kept = Math.min(length, Math.max(0, START - bodyLength));
        data.readBytes(start, Math.min(bodyLength, START), kept);
        bodyLength += length;
        data.release();
        if (bodyLength > MOST_BODY) {
            judge(NONE);
        }
    }

    @Override
    public void onResponseEnd(Fields trailers) {
        stream = null;
        judge(trailers);
    }

    private void judge(Fields trailers) {
        ResponseHead answer = head;
        Question asked = question;
        if (answer != null && asked != null) {
            byte[] seen = Arrays.copyOf(start, Math.min(bodyLength, START));
            end(asked.problem(answer.status(), answer.fields(), seen, trailers));
        }
    }

    @Override
    public void onUpstreamFailure(Failure why) {
        stream = null;
        end(why.reason());
    }

    @Override
    public void onUpstreamWritable() {}

    @Override
    public void onUpstreamReadComplete() {}
}
