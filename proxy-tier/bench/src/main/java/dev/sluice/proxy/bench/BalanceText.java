package dev.sluice.proxy.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results of {@link BalanceBench} for people and for programs. */
public final class BalanceText {
    private BalanceText() {}

    /** A line for each balancer. */
    public static String table(List<BalanceResult> results) {
        return line("SERVERS", "BALANCER", "MAX/MEAN", "QUARTERS", "DELAY-MS", "P99-MS", "RATIO")
                + results.stream().map(BalanceText::line).collect(Collectors.joining());
    }

    private static String line(BalanceResult result) {
        return line(
                result.servers().title(),
                result.balancer().title(),
                number(result.spread().median()),
                number(result.spread().low()) + ".." + number(result.spread().high()),
                number(result.delay().median()),
                number(result.p99().median()),
                result.ratio().map(ratio -> number(ratio.median())).orElse("-"));
    }

    private static String line(String... cells) {
        String text =
                String.format(Locale.ROOT, "%-10s%-22s%-10s%-14s%-10s%-10s%s", (Object[]) cells);
        return text + '\n';
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** A list. */
    public static String json(List<BalanceResult> results) {
        return results.stream().map(BalanceText::json).collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(BalanceResult result) {
        return """
        {"servers":"%s","balancer":"%s","spread":%s,"delayMillis":%s,"p99Millis":%s,\
        "delayRatio":%s,"answered":%d}\
        """
                .formatted(
                        result.servers().title(),
                        result.balancer().title(),
                        BenchText.json(result.spread()),
                        BenchText.json(result.delay()),
                        BenchText.json(result.p99()),
                        result.ratio().map(BenchText::json).orElse("null"),
                        result.answered());
    }
}
