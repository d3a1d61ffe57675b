package dev.sluice.engine.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Spans that are over wait here for the collector. Event loops only leave them in a queue: if that
 * is full, or the collector does not take them, they are dropped and counted, which the SDK's own
 * processor does not tell without metrics of its own. Thread-safe.
 */
final class Outbox implements SpanProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int MOST_WAITING = 4_096;
    private static final int MOST_AT_ONCE = 512;
    private static final long LOOK_MILLIS = 200;
    private static final long EXPORT_SECONDS = 15;
    private static final long FAREWELL_MILLIS = 3_000;

    private final SpanExporter exporter;
    private final Tracer.Counts counts;
    private final BlockingQueue<ReadableSpan> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread sending;
    private volatile boolean closed;

    /** Of the sending thread. */
    private boolean failing;

    Outbox(SpanExporter exporter, Tracer.Counts counts) {
        this.exporter = exporter;
        this.counts = counts;
        sending = Thread.ofPlatform().daemon().name("trace-export").start(this::send);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled() && (closed || !waiting.offer(span))) {
            counts.dropped.increment();
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    private void send() {
        List<ReadableSpan> batch = new ArrayList<>();
        while (!closed || !waiting.isEmpty()) {
            try {
                ReadableSpan first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MOST_AT_ONCE - 1);
                    send(batch.stream().map(ReadableSpan::toSpanData).toList());
                    batch.clear();
                }
            } catch (RuntimeException e) {
                counts.dropped.add(batch.size());
                batch.clear();
                LOG.atWarn().setCause(e).log("traces-not-exported");
            } catch (InterruptedException e) {
                // The collector takes too long to say goodbye to it.
                counts.dropped.add(waiting.size());
                return;
            }
        }
    }

    private void send(List<SpanData> batch) {
        CompletableResultCode result =
                exporter.export(batch).join(EXPORT_SECONDS, TimeUnit.SECONDS);
        if (result.isSuccess()) {
            counts.exported.add(batch.size());
            failing = false;
            return;
        }
        counts.dropped.add(batch.size());
        if (!failing) {
            LOG.atWarn()
                    .addKeyValue("why", String.valueOf(result.getFailureThrowable()))
                    .log("traces-not-exported");
        }
        failing = true;
    }

    /** Sends what waits, as far as that takes no longer than a few seconds. */
    @Override
    public CompletableResultCode shutdown() {
        closed = true;
        try {
            sending.join(FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sending.interrupt();
        return exporter.shutdown();
    }
}
