package dev.sluice.cli;

import dev.sluice.proto.cluster.v1.ProxyAnswer;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code sluice top} prints. */
final class TopText {
    private static final double MICROS_PER_MILLI = 1_000;

    private TopText() {}

    /**
     * One proxy between two answers of it.
     *
     * @param answer the later one
     * @param rates null while there is nothing to compare it with
     */
    record Row(ProxyAnswer answer, @Nullable Rates rates) {}

    static String of(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> add(text, row));
        return rows.isEmpty() ? "no proxy runs\n" : text.toString();
    }

    /**
     * While nobody answers, below it what was last seen.
     *
     * @param why in the words of whoever asked
     */
    static String away(String why, String before) {
        return "NO ANSWER, asking again: " + why + "\n" + before;
    }

    private static void add(StringBuilder text, Row row) {
        text.append(row.answer().getProxy());
        Rates rates = row.rates();
        if (!row.answer().getProblem().isEmpty()) {
            text.append(": NO ANSWER: ").append(row.answer().getProblem()).append('\n');
        } else if (rates == null) {
            text.append(": just started\n");
        } else {
            add(text, rates);
        }
    }

    private static void add(StringBuilder text, Rates rates) {
        text.append("   connections ").append(rates.connections());
        text.append("   in flight ").append(rates.inFlight());
        text.append("   retries/s ").append(number(rates.retriesPerSecond()));
        text.append("   malformed/s ").append(number(rates.malformedPerSecond())).append('\n');
        Table table =
                new Table(
                        "  ",
                        "UPSTREAM",
                        "REQ/S",
                        "5XX/S",
                        "P50",
                        "P99",
                        "ACTIVE",
                        "ENDPOINTS",
                        "EJECTED",
                        "UNWELL");
        rates.upstreams().forEach(upstream -> table.row(cells(upstream)));
        text.append(table);
    }

    private static String[] cells(Rates.Upstream upstream) {
        boolean none = upstream.now().getName().isEmpty();
        return new String[] {
            none ? "(none)" : upstream.now().getName(),
            number(upstream.requestsPerSecond()),
            number(upstream.errorsPerSecond()),
            time(upstream.p50Micros()),
            time(upstream.p99Micros()),
            none ? "-" : Integer.toString(upstream.now().getRequests()),
            none ? "-" : Integer.toString(upstream.now().getEndpoints()),
            none ? "-" : Integer.toString(upstream.now().getEjected()),
            none ? "-" : upstream.now().getUnwell() + (upstream.now().getPanic() ? " PANIC" : "")
        };
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String time(double micros) {
        if (Double.isNaN(micros)) {
            return "-";
        }
        return Double.isInfinite(micros)
                ? "beyond"
                : String.format(Locale.ROOT, "%.1fms", micros / MICROS_PER_MILLI);
    }

    /** A line for each upstream of each proxy; what is not known is left out. */
    static List<String> json(List<Row> rows) {
        return rows.stream().flatMap(row -> json(row).stream()).toList();
    }

    private static List<String> json(Row row) {
        Rates rates = row.rates();
        String problem = row.answer().getProblem();
        if (rates == null || !problem.isEmpty()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("proxy", row.answer().getProxy());
            line.put("problem", problem.isEmpty() ? "just started" : problem);
            return List.of(Json.line(line));
        }
        return rates.upstreams().stream()
                .map(upstream -> Json.line(values(row.answer().getProxy(), rates, upstream)))
                .toList();
    }

    private static Map<String, Object> values(String proxy, Rates rates, Rates.Upstream upstream) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("proxy", proxy);
        line.put("proxy_connections", rates.connections());
        line.put("proxy_in_flight", rates.inFlight());
        line.put("proxy_retries_per_second", rates.retriesPerSecond());
        line.put("proxy_malformed_per_second", rates.malformedPerSecond());
        line.put("upstream", upstream.now().getName());
        line.put("requests_per_second", upstream.requestsPerSecond());
        line.put("errors_per_second", upstream.errorsPerSecond());
        if (Double.isFinite(upstream.p50Micros())) {
            line.put("p50_us", Math.round(upstream.p50Micros()));
        }
        if (Double.isFinite(upstream.p99Micros())) {
            line.put("p99_us", Math.round(upstream.p99Micros()));
        }
        line.put("active", upstream.now().getRequests());
        line.put("endpoints", upstream.now().getEndpoints());
        line.put("ejected", upstream.now().getEjected());
        line.put("unwell", upstream.now().getUnwell());
        line.put("panic", upstream.now().getPanic());
        return line;
    }
}
