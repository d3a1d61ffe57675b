package dev.sluice.proxy.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results of {@link FeatureBench} for people and for programs. */
public final class FeatureText {
    private FeatureText() {}

    /** A line for each feature. */
    public static String table(List<FeatureResult> results) {
        return line("FEATURE", "MICROS/REQUEST", "RATIO", "SPREAD", "BYTES")
                + results.stream().map(FeatureText::line).collect(Collectors.joining());
    }

    private static String line(FeatureResult result) {
        return line(
                result.feature(),
                number(result.micros().median()),
                number(result.ratio().median()),
                number(result.ratio().low()) + ".." + number(result.ratio().high()),
                Long.toString(result.bytes()));
    }

    private static String line(String... cells) {
        return String.format(Locale.ROOT, "%-12s%-16s%-8s%-14s%s", (Object[]) cells) + '\n';
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** A list. */
    public static String json(List<FeatureResult> results) {
        return results.stream()
                .map(result ->
                        "{\"feature\":\"%s\",\"micros\":%s,\"ratio\":%s,\"bytes\":%d}"
                                .formatted(
                                        result.feature(),
                                        BenchText.json(result.micros()),
                                        BenchText.json(result.ratio()),
                                        result.bytes()))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
