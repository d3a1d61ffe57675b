package dev.sluice.proxy.bench;

import java.util.Locale;

/** A result of {@link ReloadBench} for people and for programs. */
public final class ReloadText {
    private static final double MEGABYTE = 1e6;

    private ReloadText() {}

    /** A line for each figure. */
    public static String table(ReloadResult result) {
        return line("routes", Integer.toString(result.routes()))
                + line("reloads", Integer.toString(result.reloads()))
                + line("requests lost", Integer.toString(result.lost()))
                + line("time of a reload", spread(result.millis(), 1) + " ms")
                + line("allocated for one", spread(result.bytes(), MEGABYTE) + " MB")
                + line("retained after all", number(result.retainedBytes() / MEGABYTE) + " MB")
                + line("with reloads", text(result.busy()))
                + line("without", text(result.quiet()));
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-20s%s%n", name, value);
    }

    private static String spread(Samples samples, double unit) {
        return "%s (%s..%s)"
                .formatted(
                        number(samples.median() / unit),
                        number(samples.low() / unit),
                        number(samples.high() / unit));
    }

    private static String text(ReloadResult.Traffic traffic) {
        return "%d requests, P50 %s ms, P99 %s ms, %d collections of %d ms"
                .formatted(
                        traffic.requests(),
                        number(traffic.p50()),
                        number(traffic.p99()),
                        traffic.collections(),
                        traffic.collecting());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** An object. */
    public static String json(ReloadResult result) {
        return """
        {"routes":%d,"reloads":%d,"lost":%d,"millis":%s,"bytes":%s,"retainedBytes":%d,\
        "busy":%s,"quiet":%s}\
        """
                .formatted(
                        result.routes(),
                        result.reloads(),
                        result.lost(),
                        BenchText.json(result.millis()),
                        BenchText.json(result.bytes()),
                        result.retainedBytes(),
                        json(result.busy()),
                        json(result.quiet()));
    }

    private static String json(ReloadResult.Traffic traffic) {
        return """
        {"requests":%d,"p50Millis":%s,"p99Millis":%s,"collections":%d,"collectingMillis":%d}\
        """
                .formatted(
                        traffic.requests(),
                        number(traffic.p50()),
                        number(traffic.p99()),
                        traffic.collections(),
                        traffic.collecting());
    }
}
