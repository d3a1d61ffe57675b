package dev.sluice.engine;

import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.buffer.BufferUse;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.exchange.HedgeResult;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.http.Slowness;
import dev.sluice.engine.log.Traffic;
import dev.sluice.engine.overload.Pulse;
import dev.sluice.engine.overload.Watchdog;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What an engine has counted since it began. Thread-safe. */
public final class Figures {
    private final Books books;
    private final BufferStore buffers;
    private final Collection<Pulse> pulses;
    private final Watchdog watchdog;
    private final Supplier<Snapshot> snapshot;
    final LongAdder applied = new LongAdder();
    final LongAdder refused = new LongAdder();

    Figures(
            Books books,
            BufferStore buffers,
            Collection<Pulse> pulses,
            Watchdog watchdog,
            Supplier<Snapshot> snapshot) {
        this.books = books;
        this.buffers = buffers;
        this.pulses = pulses;
        this.watchdog = watchdog;
        this.snapshot = snapshot;
    }

    /** Client connections that were closed before their protocol began, by reason. */
    public Map<Refusal, Long> refusals() {
        return books.refusals();
    }

    /** Handshakes without the OCSP response that is configured, since it was not renewed. */
    public long overdueStaples() {
        return books.overdueStaples.sum();
    }

    /** Client connections that were ended for what they sent too much of, by kind. */
    public Map<Flood, Long> floods() {
        return books.floods();
    }

    /** Connections and requests that were ended since their clients were too slow, by what with. */
    public Map<Slowness, Long> slow() {
        return books.slow();
    }

    /** Connections that were closed as they came, since there were too many, by listener. */
    public Map<String, Long> refusedConnections() {
        Map<String, Long> counts = new TreeMap<>();
        snapshot.get()
                .listeners()
                .forEach((name, one) -> counts.put(name, one.occupancy().refused()));
        return counts;
    }

    /** What was refused since an event loop did not keep up. */
    public Map<String, Long> shed() {
        return Map.of(
                "connections", books.shedConnections.sum(), "requests", books.shedRequests.sum());
    }

    /** How late the event loop is that is the latest. */
    public double lagSeconds() {
        return pulses.stream().mapToLong(Pulse::lagNanos).max().orElse(0) / 1e9;
    }

    /** How often an event loop stood still for seconds. */
    public long blockedLoops() {
        return watchdog.blocked();
    }

    /** What became of requests, by upstream; {@link Traffic#NONE} for those that were for none. */
    public Map<String, Traffic.Reading> traffic() {
        return books.traffic.read();
    }

    /** Configurations by what became of them. */
    public Map<String, Long> configurations() {
        return Map.of("applied", applied.sum(), "refused", refused.sum());
    }

    /** Of access logs. */
    public Map<String, Long> logLines() {
        return Map.of("written", books.lines.written(), "dropped", books.lines.dropped());
    }

    /** Spans of traces. */
    public Map<String, Long> spans() {
        return Map.of("exported", books.spans.exported(), "dropped", books.spans.dropped());
    }

    public BufferUse buffers() {
        return buffers.use();
    }

    /** Of messages that were not valid: counts, and the last ones. */
    public Captures captures() {
        return books.captures;
    }

    /** Second attempts of requests, by what the first one failed with. */
    public Map<Failure, Long> retries() {
        return books.retries();
    }

    /** Second attempts beside a first that took long, by what became of them. */
    public Map<HedgeResult, Long> hedges() {
        return books.hedges();
    }

    /** Responses that passed as they were, since too many others were being compressed. */
    public long uncompressed() {
        return books.uncompressed.sum();
    }

    /** Requests that failed because too many others were on a second attempt. */
    public long deniedRetries() {
        return books.deniedRetries();
    }
}
