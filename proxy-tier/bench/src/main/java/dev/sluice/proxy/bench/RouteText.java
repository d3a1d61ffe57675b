package dev.sluice.proxy.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results of {@link RouteBench} for people and for programs. */
public final class RouteText {
    private RouteText() {}

    /** A line for each size. */
    public static String table(List<RouteResult> results) {
        String head =
                line("ROUTES", "NANOS/MATCH", "RATIO", "SPREAD", "BYTES", "READ MS", "BUILD MS");
        return head
                + results.stream()
                        .map(result ->
                                line(
                                        Integer.toString(result.routes()),
                                        number(result.nanos().median()),
                                        number(result.ratio().median()),
                                        number(result.ratio().low())
                                                + ".."
                                                + number(result.ratio().high()),
                                        number(result.bytesEach()),
                                        number(result.readMillis()),
                                        number(result.buildMillis())))
                        .collect(Collectors.joining());
    }

    private static String line(String... cells) {
        return String.format(Locale.ROOT, "%-8s%-13s%-8s%-14s%-8s%-10s%s", (Object[]) cells)
                        .stripTrailing()
                + '\n';
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** A list. */
    public static String json(List<RouteResult> results) {
        return results.stream().map(RouteText::json).collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(RouteResult result) {
        return ("{\"routes\":%d,\"nanos\":%s,\"ratio\":%s,\"bytesEach\":%s,\"readMillis\":%s,"
                        + "\"buildMillis\":%s,\"buildBytes\":%d}")
                .formatted(
                        result.routes(),
                        BenchText.json(result.nanos()),
                        BenchText.json(result.ratio()),
                        number(result.bytesEach()),
                        number(result.readMillis()),
                        number(result.buildMillis()),
                        result.buildBytes());
    }
}
