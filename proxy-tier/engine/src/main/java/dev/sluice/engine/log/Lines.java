package dev.sluice.engine.log;

import dev.sluice.cluster.l7.Telemetry.Format;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.exchange.HedgeResult;
import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.exchange.Timings;
import dev.sluice.engine.stream.StreamSummary;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;

/** Writes the lines of the access log. Targets are without their query, which may hold secrets. */
final class Lines {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Lines() {}

    static void append(StringBuilder text, Format format, Entry entry) {
        switch (format) {
            case JSON -> json(new JsonLine(text), entry);
            case LINE -> line(text, entry);
        }
        text.append('\n');
    }

    private static void json(JsonLine json, Entry entry) {
        json.begin().put("time", Instant.ofEpochMilli(entry.unixMs()).toString());
        switch (entry) {
            case Entry.Request(long _, Summary request) -> json(json, request);
            case Entry.Stream(long _, StreamSummary stream) ->
                    json.put("kind", "stream")
                            .put("client", stream.peer().remote())
                            .put("listener", stream.listener())
                            .put("upstream", stream.upstream())
                            .put("endpoint", stream.endpoint())
                            .put("outcome", stream.end().word())
                            .put("requestBytes", stream.requestBytes())
                            .put("responseBytes", stream.responseBytes())
                            .put("totalMicros", stream.durationNanos() / 1_000);
            case Entry.Refused refused ->
                    json.put("kind", "refused")
                            .put("client", refused.peer().remote())
                            .put("status", refused.why().status())
                            .put("outcome", refused.why().reason());
        }
        json.end();
    }

    private static void json(JsonLine json, Summary request) {
        Timings timings = request.timings();
        json.put("kind", "request")
                .put("client", request.peer().remote())
                .put("method", request.head().method())
                .put("host", request.head().host())
                .put("path", request.head().path())
                .put("status", request.status())
                .put("outcome", request.outcome())
                .put("phase", request.endedIn().name().toLowerCase(Locale.ROOT))
                .put("route", name(request.route()))
                .put("upstream", request.upstream())
                .put("endpoint", request.endpoint())
                .put("attempts", request.attempts())
                .put("hedge", word(request.hedge()))
                .put("requestBytes", request.requestBytes())
                .put("responseBytes", request.responseBytes())
                .putMicros("queueMicros", timings.queue())
                .putMicros("connectMicros", timings.connect())
                .putMicros("firstByteMicros", timings.firstByte())
                .putMicros("totalMicros", timings.total())
                .put("trace", request.trace());
    }

    /** In HAProxy's order, as far as there is the same thing. */
    private static void line(StringBuilder text, Entry entry) {
        switch (entry) {
            case Entry.Request(long at, Summary request) -> {
                Timings timings = request.timings();
                begin(text, request.peer().remote(), at)
                        .append(orDash(name(request.route())))
                        .append(' ')
                        .append(orDash(request.upstream()))
                        .append('/')
                        .append(orDash(request.endpoint()))
                        .append(' ');
                millis(text, timings.queue()).append('/');
                millis(text, timings.connect()).append('/');
                millis(text, timings.firstByte()).append('/');
                millis(text, timings.total());
                text.append(' ').append(request.status());
                bytes(text, request.requestBytes(), request.responseBytes());
                end(text, request.outcome(), Math.max(0, request.attempts() - 1));
                text.append(' ').append(orDash(request.trace())).append(" \"");
                quoted(text, request.head().method()).append(' ');
                quoted(text, request.head().host());
                quoted(text, request.head().path()).append('"');
            }
            case Entry.Stream(long at, StreamSummary stream) -> {
                begin(text, stream.peer().remote(), at)
                        .append(stream.listener())
                        .append(' ')
                        .append(orDash(stream.upstream()))
                        .append('/')
                        .append(orDash(stream.endpoint()))
                        .append(" -1/-1/-1/");
                millis(text, stream.durationNanos()).append(" 0");
                bytes(text, stream.requestBytes(), stream.responseBytes());
                end(text, stream.end().word(), 0);
                text.append(" - \"-\"");
            }
            case Entry.Refused refused -> {
                begin(text, refused.peer().remote(), refused.unixMs())
                        .append("- -/- -1/-1/-1/-1 ")
                        .append(refused.why().status());
                bytes(text, 0, 0);
                end(text, refused.why().reason(), 0);
                text.append(" - \"-\"");
            }
        }
    }

    private static String word(@Nullable HedgeResult hedge) {
        return hedge == null ? "" : hedge.name().toLowerCase(Locale.ROOT);
    }

    private static String name(@Nullable Route route) {
        if (route == null) {
            return "";
        }
        return route.name().isEmpty()
                ? route.match().host().toString() + route.match().path()
                : route.name();
    }

    private static StringBuilder begin(StringBuilder text, Object client, long unixMs) {
        text.append(client).append(" [");
        DATE.formatTo(Instant.ofEpochMilli(unixMs), text);
        return text.append("] ");
    }

    private static void bytes(StringBuilder text, long request, long response) {
        text.append(' ').append(request).append(' ').append(response);
    }

    private static void end(StringBuilder text, String outcome, int retries) {
        text.append(' ').append(outcome).append(' ').append(retries);
    }

    private static StringBuilder millis(StringBuilder text, long nanos) {
        return text.append(nanos < 0 ? -1 : nanos / 1_000_000);
    }

    private static String orDash(@Nullable Object value) {
        String text = Objects.toString(value, "");
        return text.isEmpty() ? "-" : text;
    }

    private static StringBuilder quoted(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == 0x7f) {
                text.append(String.format("\\x%02x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text;
    }
}
