package dev.sluice.proxy;

import dev.sluice.cluster.node.MetricsText;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Figures;
import dev.sluice.engine.buffer.BufferUse;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.exchange.HedgeResult;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.http.Slowness;
import dev.sluice.engine.log.Traffic;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the engine counts, for Prometheus. */
final class EngineMetrics {
    private EngineMetrics() {}

    static void addTo(MetricsText text, Engine engine) {
        refusals(text, engine.figures().refusals(), engine.figures().overdueStaples());
        floods(text, engine.figures().floods());
        text.counter(
                        "sluice_proxy_connections_refused_total",
                        "Connections that were closed as they came: limits.connections.")
                .samplesBy("listener", engine.figures().refusedConnections());
        slow(text, engine.figures().slow());
        buffers(text, engine.figures().buffers());
        retries(text, engine.figures().retries(), engine.figures().deniedRetries());
        hedges(text, engine.figures().hedges());
        text.counter(
                        "sluice_proxy_uncompressed_total",
                        "Responses that passed as they were: too many others were being compressed.")
                .sample(Map.of(), engine.figures().uncompressed());
        malformed(text, engine.figures().captures());
        overload(text, engine.figures());
        spans(text, engine.figures().spans());
        UpstreamMetrics.addTo(text, engine.upstreams());
        traffic(text, engine.figures().traffic());
        text.counter(
                        "sluice_proxy_configurations_total",
                        "Configurations that were applied, or refused.")
                .samplesBy("result", engine.figures().configurations())
                .counter(
                        "sluice_proxy_access_log_lines_total",
                        "Lines of the access log; dropped: it could not keep up, or not be written.")
                .samplesBy("result", engine.figures().logLines());
    }

    private static void traffic(MetricsText text, Map<String, Traffic.Reading> traffic) {
        text.counter(
                "sluice_proxy_requests_total",
                "Requests that are over, by upstream and class of status.");
        traffic.forEach((upstream, reading) ->
                reading.byStatus()
                        .forEach((status, count) ->
                                text.sample(
                                        Map.of("upstream", upstream, "status", status), count)));
        text.histogram(
                "sluice_proxy_response_seconds",
                "From the end of a request's head to the head of its response.");
        traffic.forEach((upstream, reading) ->
                text.distribution(
                        Map.of("upstream", upstream),
                        reading.latencies().bounds(),
                        reading.latencies().counts(),
                        reading.latencies().sumSeconds()));
    }

    private static void refusals(
            MetricsText text, Map<Refusal, Long> refusals, long overdueStaples) {
        Map<String, Long> byReason = new TreeMap<>();
        refusals.forEach((why, count) -> byReason.put(why.reason(), count));
        text.counter(
                        "sluice_proxy_openings_refused_total",
                        "Client connections closed before their protocol began.")
                .samplesBy("why", byReason)
                .counter(
                        "sluice_proxy_overdue_staples_total",
                        "Handshakes without the OCSP response, which was not renewed.")
                .sample(Map.of(), overdueStaples);
    }

    private static void floods(MetricsText text, Map<Flood, Long> floods) {
        Map<String, Long> byKind = new TreeMap<>();
        floods.forEach((kind, count) -> byKind.put(kind.reason(), count));
        text.counter(
                        "sluice_proxy_floods_total",
                        "Client connections ended for what they sent too much of.")
                .samplesBy("kind", byKind);
    }

    private static void slow(MetricsText text, Map<Slowness, Long> slow) {
        Map<String, Long> byKind = new TreeMap<>();
        slow.forEach((kind, count) -> byKind.put(kind.reason(), count));
        text.counter(
                        "sluice_proxy_slow_clients_total",
                        "Connections and requests ended for what their clients took too long for.")
                .samplesBy("kind", byKind);
    }

    private static void buffers(MetricsText text, BufferUse use) {
        text.gauge("sluice_proxy_buffered_bytes", "Of requests that are collected.")
                .samplesBy("where", Map.of("memory", use.memoryBytes(), "file", use.fileBytes()))
                .gauge("sluice_proxy_buffer_files", "Open files of buffered requests.")
                .sample(Map.of(), use.files())
                .counter(
                        "sluice_proxy_buffer_overruns_total",
                        "Requests that no buffer was good for: refused, or streamed.")
                .samplesBy(
                        "why",
                        Map.of(
                                "route",
                                use.refused(),
                                "all",
                                use.crowdedOut(),
                                "failed",
                                use.failed()));
    }

    private static void retries(MetricsText text, Map<Failure, Long> retries, long denied) {
        Map<Failure, Long> made = new EnumMap<>(retries);
        made.values().removeIf(count -> count == 0);
        Map<String, Long> byReason = new TreeMap<>();
        made.forEach((why, count) -> byReason.put(why.reason(), count));
        text.counter(
                        "sluice_proxy_retries_total",
                        "Second attempts of requests, by what the first one failed with.")
                .samplesBy("reason", byReason)
                .counter(
                        "sluice_proxy_retries_denied_total",
                        "Requests that failed because their upstream's retry budget was used up.")
                .sample(Map.of(), denied);
    }

    private static void hedges(MetricsText text, Map<HedgeResult, Long> hedges) {
        Map<String, Long> byResult = new TreeMap<>();
        hedges.forEach(
                (result, count) -> byResult.put(result.name().toLowerCase(Locale.ROOT), count));
        text.counter(
                        "sluice_proxy_hedges_total",
                        "Second attempts beside a first that took long, by what became of them.")
                .samplesBy("result", byResult);
    }

    private static void spans(MetricsText text, Map<String, Long> spans) {
        text.counter(
                        "sluice_proxy_spans_total",
                        "Spans of traces; dropped: the collector did not keep up, or not take them.")
                .samplesBy("result", spans);
    }

    private static void malformed(MetricsText text, Captures captures) {
        text.counter("sluice_proxy_malformed_total", "Messages that were not valid HTTP.");
        for (Capture.Side side : Capture.Side.values()) {
            text.sample(Map.of("side", side.name().toLowerCase(Locale.ROOT)), captures.count(side));
        }
    }

    private static void overload(MetricsText text, Figures figures) {
        text.gauge("sluice_proxy_loop_lag_seconds", "How late the latest event loop is.")
                .sample(Map.of(), figures.lagSeconds())
                .counter("sluice_proxy_shed_total", "Refused since an event loop was late.")
                .samplesBy("what", figures.shed())
                .counter(
                        "sluice_proxy_blocked_loops_total",
                        "How often an event loop stood still for seconds.")
                .sample(Map.of(), figures.blockedLoops());
    }
}
