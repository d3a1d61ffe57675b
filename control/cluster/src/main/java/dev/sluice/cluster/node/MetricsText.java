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

    private MetricsText head(String metric, String help, String type) {
        name = metric;
        text.append("# HELP ").append(metric).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
        return this;
    }

    /** Of the metric begun last. */
    public MetricsText sample(Map<String, String> labels, long value) {
        text.append(name);
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
