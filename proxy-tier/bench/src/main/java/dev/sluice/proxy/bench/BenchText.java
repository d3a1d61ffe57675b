package dev.sluice.proxy.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results for people and for programs. */
public final class BenchText {
    private BenchText() {}

    /** A table: a line for each case and proxy, then latencies and idle connections. */
    public static String table(ProxyBench.Report report) {
        StringBuilder text = new StringBuilder();
        text.append(line("CASE", "PROXY", "MICROS/REQUEST", "SPREAD", "TO HAPROXY", "SPREAD"));
        for (BenchResult result : report.requests()) {
            text.append(
                    line(
                            result.what().name(),
                            result.peer().title(),
                            number(result.micros().median()),
                            spread(result.micros()),
                            result.ratio().map(r -> number(r.median())).orElse("-"),
                            result.ratio().map(BenchText::spread).orElse("-")));
        }
        if (!report.latencies().isEmpty()) {
            text.append('\n');
            text.append(line("LATENCY", "PROXY", "REQUESTS/S", "P50 MICROS", "P99", "P99.9"));
        }
        for (LatencyResult result : report.latencies()) {
            text.append(
                    line(
                            result.what().name(),
                            result.peer().title(),
                            Integer.toString(result.rate()),
                            number(result.micros().p50()),
                            number(result.micros().p99()),
                            number(result.micros().p999())));
        }
        if (!report.idle().isEmpty()) {
            text.append('\n');
            text.append(line("IDLE", "PROXY", "RSS MIB", "BEFORE", "BYTES EACH", ""));
        }
        for (IdleResult result : report.idle()) {
            text.append(
                    line(
                            Integer.toString(result.connections()),
                            result.peer().title(),
                            Long.toString(result.bytes() >> 20),
                            Long.toString(result.beforeBytes() >> 20),
                            Long.toString(result.bytesEach()),
                            ""));
        }
        return text.toString();
    }

    private static String line(String... cells) {
        return String.format(Locale.ROOT, "%-14s%-18s%-16s%-16s%-12s%s", (Object[]) cells)
                        .stripTrailing()
                + '\n';
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String spread(Samples samples) {
        return number(samples.low()) + ".." + number(samples.high());
    }

    /** An object with {@code requests}, {@code latencies} and {@code idle}. */
    public static String json(ProxyBench.Report report) {
        return "{\"requests\":"
                + array(report.requests().stream().map(BenchText::json).toList())
                + ",\"latencies\":"
                + array(report.latencies().stream().map(BenchText::json).toList())
                + ",\"idle\":"
                + array(report.idle().stream().map(BenchText::json).toList())
                + '}';
    }

    private static String array(List<String> members) {
        return members.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(BenchResult result) {
        return "{\"case\":\"%s\",\"proxy\":\"%s\",\"micros\":%s,\"ratio\":%s}"
                .formatted(
                        result.what().name(),
                        result.peer().title(),
                        json(result.micros()),
                        result.ratio().map(BenchText::json).orElse("null"));
    }

    private static String json(LatencyResult result) {
        LatencyResult.Quantiles micros = result.micros();
        return "{\"case\":\"%s\",\"proxy\":\"%s\",\"rate\":%d,\"micros\":{\"p50\":%s,\"p99\":%s,\"p999\":%s}}"
                .formatted(
                        result.what().name(),
                        result.peer().title(),
                        result.rate(),
                        number(micros.p50()),
                        number(micros.p99()),
                        number(micros.p999()));
    }

    static String json(Samples samples) {
        return "{\"median\":%s,\"low\":%s,\"high\":%s}"
                .formatted(number(samples.median()), number(samples.low()), number(samples.high()));
    }

    private static String json(IdleResult result) {
        return "{\"proxy\":\"%s\",\"connections\":%d,\"beforeBytes\":%d,\"bytes\":%d}"
                .formatted(
                        result.peer().title(),
                        result.connections(),
                        result.beforeBytes(),
                        result.bytes());
    }
}
