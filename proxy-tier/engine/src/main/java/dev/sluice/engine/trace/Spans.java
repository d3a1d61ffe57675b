package dev.sluice.engine.trace;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

import org.jspecify.annotations.Nullable;

/**
 * The two spans of a request that is sampled: what its client saw, and within it what was asked of
 * servers, whose attempts are events. Names are those of OpenTelemetry's semantic conventions for
 * HTTP; targets are without their query, which may hold secrets. Confined to the request's event
 * loop.
 */
public final class Spans {
    private static final AttributeKey<String> ENDPOINT = AttributeKey.stringKey("sluice.endpoint");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("sluice.reason");
    private static final int SERVER_ERROR = 500;

    private final io.opentelemetry.api.trace.Tracer tracer;
    private final Span server;
    private @Nullable Span client;
    private int attempts;

    Spans(io.opentelemetry.api.trace.Tracer tracer, Span server, RequestHead head, Peer peer) {
        this.tracer = tracer;
        this.server = server;
        server.setAttribute("http.request.method", head.method());
        server.setAttribute("url.scheme", head.secure() ? "https" : "http");
        server.setAttribute("server.address", head.host());
        server.setAttribute("url.path", head.path());
        server.setAttribute("client.address", peer.clientText());
    }

    /** The request goes to servers: they hear that they are within its second span. */
    public void forward(String method, String upstream, Fields fields) {
        Span forwarded =
                tracer.spanBuilder(method)
                        .setParent(Context.root().with(server))
                        .setSpanKind(SpanKind.CLIENT)
                        .startSpan();
        forwarded.setAttribute("http.request.method", method);
        forwarded.setAttribute("sluice.upstream", upstream);
        client = forwarded;
        Tracer.inject(forwarded, fields);
    }

    /**
     * An endpoint is asked.
     *
     * @param before what the attempt before failed with; not looked at with the first one
     */
    public void attempt(HostPort endpoint, Failure before) {
        Span span = client;
        if (span == null) {
            return;
        }
        moveTo(endpoint);
        if (attempts++ > 0) {
            span.setAttribute("http.request.resend_count", attempts - 1L);
            span.addEvent(
                    "retry", Attributes.of(ENDPOINT, endpoint.toString(), REASON, before.reason()));
        }
    }

    /** Another endpoint is asked beside the one that takes long. */
    public void hedge(HostPort endpoint) {
        if (client != null) {
            attempts++;
            client.addEvent("hedge", Attributes.of(ENDPOINT, endpoint.toString()));
        }
    }

    /** The attempt beside the first one is the only one from now on. */
    public void moveTo(HostPort endpoint) {
        Span span = client;
        if (span != null) {
            span.setAttribute("server.address", endpoint.address().toString());
            span.setAttribute("server.port", endpoint.port());
        }
    }

    /**
     * The request is over.
     *
     * @param route empty for none
     * @param outcome {@code ok}, or a failure's reason
     */
    public void end(String route, int status, String outcome) {
        Span forwarded = client;
        if (forwarded != null) {
            end(forwarded, status, outcome);
        }
        if (!route.isEmpty()) {
            server.setAttribute("http.route", route);
        }
        end(server, status, outcome);
    }

    private static void end(Span span, int status, String outcome) {
        span.setAttribute("http.response.status_code", status);
        span.setAttribute("sluice.outcome", outcome);
        if (status >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR, outcome);
        }
        span.end();
    }
}
