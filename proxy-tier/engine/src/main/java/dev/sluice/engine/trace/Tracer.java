package dev.sluice.engine.trace;

import dev.sluice.cluster.l7.Tracing;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.TraceParent;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Begins the spans of requests that are sampled, and sends them to a collector when they are over.
 * Thread-safe; only {@link #close} blocks.
 */
public final class Tracer implements AutoCloseable {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final Duration EXPORT_LIMIT = Duration.ofSeconds(10);
    private static final long CLOSE_SECONDS = 5;

    private final Tracing rules;
    private final SdkTracerProvider provider;
    private final io.opentelemetry.api.trace.Tracer tracer;

    /** Spans of all tracers that there were, one after the other. */
    public static final class Counts {
        final LongAdder exported = new LongAdder();
        final LongAdder dropped = new LongAdder();

        public long exported() {
            return exported.sum();
        }

        public long dropped() {
            return dropped.sum();
        }
    }

    /**
     * @param proxyId stands in every span as {@code service.instance.id}
     */
    public Tracer(Tracing rules, String proxyId, Counts counts) {
        this.rules = rules;
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(rules.collector().toString())
                        .setTimeout(EXPORT_LIMIT)
                        .build();
        provider =
                SdkTracerProvider.builder()
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(rules.ratio())))
                        .setResource(
                                Resource.getDefault()
                                        .merge(
                                                Resource.create(
                                                        Attributes.of(
                                                                AttributeKey.stringKey(
                                                                        "service.name"),
                                                                "sluice-proxy",
                                                                AttributeKey.stringKey(
                                                                        "service.instance.id"),
                                                                proxyId))))
                        .addSpanProcessor(new Outbox(exporter, counts))
                        .build();
        tracer = provider.get("dev.sluice.engine");
    }

    public boolean isBy(Tracing others) {
        return rules.equals(others);
    }

    /** The spans of a request; null if it is not sampled. */
    public @Nullable Spans begin(RequestHead head, Peer peer) {
        Span server =
                tracer.spanBuilder(head.method())
                        .setParent(parent(head.fields()))
                        .setSpanKind(SpanKind.SERVER)
                        .startSpan();
        return server.isRecording() ? new Spans(tracer, server, head, peer) : null;
    }

    /** What is not valid, and what came twice, is no parent. */
    private static Context parent(Fields fields) {
        return TraceParent.traceOf(fields) == null
                ? Context.root()
                : W3C.extract(Context.root(), fields, Carried.FIELDS);
    }

    static void inject(Span span, Fields fields) {
        // What went with an invalid parent would stay.
        fields.remove(Names.TRACESTATE);
        W3C.inject(
                Context.root().with(span),
                fields,
                (carrier, name, value) -> fields.set(Name.of(name), value));
    }

    /** Reads from the fields of a request. */
    private enum Carried implements TextMapGetter<Fields> {
        FIELDS;

        @Override
        public Iterable<String> keys(Fields carrier) {
            return List.of("traceparent", "tracestate");
        }

        @Override
        public @Nullable String get(@Nullable Fields carrier, String key) {
            if (carrier == null) {
                return null;
            }
            List<String> all = carrier.all(Name.of(key));
            return all.isEmpty() ? null : String.join(",", all);
        }
    }

    /** Sends what waits, for a few seconds at most. */
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
