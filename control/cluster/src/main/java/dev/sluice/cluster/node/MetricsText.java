package dev.sluice.cluster.node;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measurements in the text format of Prometheus, version 0.0.4. Metrics of one name are written one
 * after the other.
 *
 * <pre>{@code
 * new MetricsText()
 *         .counter("sluice_director_packets_total", "Packets by verdict.")
 *         .sample(Map.of("verdict", "forwarded"), 12)
 *         .gauge("sluice_director_announcing", "1 while routers are told to send here.")
 *         .sample(Map.of(), 1);
 * }</pre>
 */
public final class MetricsText {
    private final StringBuilder text = new StringBuilder();
    private String name = "";

    public MetricsText counter(String metric, String help) {
        return head(metric, help, "counter");
    }

    public MetricsText gauge(String metric, String help) {
        return head(metric, help, "gauge");
    }

    public MetricsText histogram(String metric, String help) {
        return head(metric, help, "histogram");
    }

    private MetricsText head(String metric, String help, String type) {
        name = metric;
        text.append("# HELP ").append(metric).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
        return this;
    }

    /** Of the metric begun last. */
    public MetricsText sample(Map<String, String> labels, long value) {
        return line("", labels, Long.toString(value));
    }

    /** Of the metric begun last. */
    public MetricsText sample(Map<String, String> labels, double value) {
        return line("", labels, Double.toString(value));
    }

    /**
     * Of the histogram begun last.
     *
     * @param bounds upper ones, ascending
     * @param counts one for each bound, not cumulative, and one beyond all
     */
    public MetricsText distribution(
            Map<String, String> labels, double[] bounds, long[] counts, double sum) {
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            Map<String, String> bucket = new TreeMap<>(labels);
            bucket.put("le", i < bounds.length ? Double.toString(bounds[i]) : "+Inf");
            line("_bucket", bucket, Long.toString(below));
        }
        return line("_sum", labels, Double.toString(sum))
                .line("_count", labels, Long.toString(below));
    }

    private MetricsText line(String suffix, Map<String, String> labels, String value) {
        text.append(name).append(suffix);
        char separator = '{';
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            text.append(separator).append(label.getKey()).append("=\"");
            text.append(escaped(label.getValue())).append('"');
            separator = ',';
        }
        text.append(labels.isEmpty() ? "" : "}").append(' ').append(value).append('\n');
        return this;
    }

    /** One sample a constant, labelled with its name in lower case. */
    public <E extends Enum<E>> MetricsText samples(String label, Map<E, Long> values) {
        new TreeMap<>(values)
                .forEach((constant, value) ->
                        sample(Map.of(label, constant.name().toLowerCase(Locale.ROOT)), value));
        return this;
    }

    /** One sample a key. */
    public MetricsText samplesBy(String label, Map<String, Long> values) {
        new TreeMap<>(values).forEach((key, value) -> sample(Map.of(label, key), value));
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
