package dev.sluice.engine;

import dev.sluice.cluster.l7.Telemetry;
import dev.sluice.cluster.l7.Tracing;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.exchange.Exchange;
import dev.sluice.engine.exchange.HedgeResult;
import dev.sluice.engine.exchange.Ledger;
import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.Slowness;
import dev.sluice.engine.log.AccessLog;
import dev.sluice.engine.log.Traffic;
import dev.sluice.engine.stream.StreamLedger;
import dev.sluice.engine.stream.StreamSummary;
import dev.sluice.engine.trace.Spans;
import dev.sluice.engine.trace.Tracer;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is going on in all event loops, and writes the access log. Thread-safe. */
final class Books implements Ledger, StreamLedger {
    final LongAdder connections = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder tunnels = new LongAdder();
    private final Map<Flood, LongAdder> floods = new EnumMap<>(Flood.class);
    private final Map<Failure, LongAdder> retries = new EnumMap<>(Failure.class);
    private final LongAdder deniedRetries = new LongAdder();
    private final Map<HedgeResult, LongAdder> hedges = new EnumMap<>(HedgeResult.class);
    private final Map<Slowness, LongAdder> slow = new EnumMap<>(Slowness.class);
    final LongAdder shedConnections = new LongAdder();
    final LongAdder shedRequests = new LongAdder();
    final LongAdder uncompressed = new LongAdder();
    final LongAdder overdueStaples = new LongAdder();
    private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);
    final Captures captures = new Captures(InstantSource.system());
    final Traffic traffic = new Traffic();
    final AccessLog.Counts lines = new AccessLog.Counts();

    /** Null for none. Written by whoever applies a configuration, read with each request. */
    private volatile @Nullable AccessLog accessLog;

    /** As {@link #accessLog}. */
    private volatile @Nullable Tracer tracer;

    final Tracer.Counts spans = new Tracer.Counts();

    Books() {
        for (Flood kind : Flood.values()) {
            floods.put(kind, new LongAdder());
        }
        for (Slowness kind : Slowness.values()) {
            slow.put(kind, new LongAdder());
        }
        for (Refusal why : Refusal.values()) {
            refusals.put(why, new LongAdder());
        }
        for (HedgeResult result : HedgeResult.values()) {
            hedges.put(result, new LongAdder());
        }
        for (Failure why : Failure.values()) {
            retries.put(why, new LongAdder());
        }
    }

    /** As {@link #logBy}, of traces. Blocks for what waits to be sent. */
    void traceBy(Optional<Tracing> rules, String proxyId) {
        Tracer before = tracer;
        boolean same = before == null ? rules.isEmpty() : rules.filter(before::isBy).isPresent();
        if (!same) {
            tracer = rules.map(some -> new Tracer(some, proxyId, spans)).orElse(null);
            if (before != null) {
                before.close();
            }
        }
    }

    @Override
    public @Nullable Spans trace(RequestHead head, Peer peer) {
        Tracer now = tracer;
        return now == null ? null : now.begin(head, peer);
    }

    /** Ends the log that there was, if it is by other rules; what came before is in there. */
    void logBy(Optional<Telemetry.AccessLog> rules) {
        AccessLog before = accessLog;
        boolean same = before == null ? rules.isEmpty() : rules.filter(before::isBy).isPresent();
        if (!same) {
            accessLog = rules.map(some -> new AccessLog(some, lines)).orElse(null);
            if (before != null) {
                before.close();
            }
        }
    }

    /** Connections that were ended for it, by kind; every kind is there. */
    Map<Flood, Long> floods() {
        Map<Flood, Long> counts = new EnumMap<>(Flood.class);
        floods.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    void onSlow(Slowness kind) {
        Objects.requireNonNull(slow.get(kind)).increment();
    }

    /** Clients that were too slow, by what with; every kind is there. */
    Map<Slowness, Long> slow() {
        Map<Slowness, Long> counts = new EnumMap<>(Slowness.class);
        slow.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    void onFlood(Flood kind) {
        Objects.requireNonNull(floods.get(kind)).increment();
    }

    /** Connections that did not get to their protocol; every reason is there. */
    Map<Refusal, Long> refusals() {
        Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);
        refusals.forEach((why, count) -> counts.put(why, count.sum()));
        return counts;
    }

    void onRefused(Refusal why) {
        Objects.requireNonNull(refusals.get(why)).increment();
    }

    Load load() {
        return new Load(connections.sum(), requests.sum(), tunnels.sum());
    }

    @Override
    public void onBegin() {
        requests.increment();
    }

    @Override
    public void onTunnel() {
        requests.decrement();
        tunnels.increment();
    }

    @Override
    public void onEnd(Exchange exchange) {
        Summary summary = exchange.summary();
        (summary.endedIn() == Phase.TUNNEL ? tunnels : requests).decrement();
        traffic.add(summary);
        AccessLog log = accessLog;
        if (log != null) {
            log.request(summary);
        }
    }

    /** A stream is a tunnel from its first byte on. */
    @Override
    public void onStreamBegin() {
        tunnels.increment();
    }

    @Override
    public void onStreamEnd(StreamSummary stream) {
        tunnels.decrement();
        AccessLog log = accessLog;
        if (log != null) {
            log.stream(stream);
        }
    }

    @Override
    public void onRetry(Failure why, boolean allowed) {
        (allowed ? Objects.requireNonNull(retries.get(why)) : deniedRetries).increment();
    }

    /** Second attempts, by what the first one failed with. */
    Map<Failure, Long> retries() {
        Map<Failure, Long> counts = new EnumMap<>(Failure.class);
        retries.forEach((why, count) -> counts.put(why, count.sum()));
        return counts;
    }

    /** Second attempts that would have gone beyond a budget. */
    long deniedRetries() {
        return deniedRetries.sum();
    }

    @Override
    public void onUncompressed() {
        uncompressed.increment();
    }

    @Override
    public void onHedge(HedgeResult result) {
        Objects.requireNonNull(hedges.get(result)).increment();
    }

    /** Attempts beside a first one, by what became of them; every result is there. */
    Map<HedgeResult, Long> hedges() {
        Map<HedgeResult, Long> counts = new EnumMap<>(HedgeResult.class);
        hedges.forEach((result, count) -> counts.put(result, count.sum()));
        return counts;
    }

    @Override
    public void onRefused(Failure why, Peer peer) {
        traffic.addRefused(why);
        AccessLog log = accessLog;
        if (log != null) {
            log.refused(why, peer);
        }
    }
}
