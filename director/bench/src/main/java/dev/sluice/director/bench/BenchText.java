package dev.sluice.director.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results in words and as JSON. */
public final class BenchText {
    private BenchText() {}

    /** Above the lines of a table. */
    public static String heading() {
        List<String> names = new ArrayList<>(BenchCase.columnNames());
        names.addAll(
                List.of(
                        "bare",
                        "limit",
                        "lookup",
                        "director",
                        "Mpps",
                        "ratio",
                        "spread",
                        "to-lookup"));
        return line(names);
    }

    public static String line(BenchResult result) {
        List<String> values = new ArrayList<>(result.measured().columns());
        values.add(nanos(result.bare()));
        values.add(nanos(result.limit()));
        values.add(nanos(result.lookup()));
        values.add(nanos(result.director()));
        values.add(number(result.packetsPerSecond() / 1e6));
        values.add(number(result.ratio().median()));
        values.add(number(result.ratio().low()) + "-" + number(result.ratio().high()));
        values.add(number(result.lookupRatio().median()));
        return line(values);
    }

    private static String line(List<String> values) {
        StringBuilder line = new StringBuilder();
        int[] widths = {6, 6, 7, 5, 6, 5, 7, 4, 5, 6, 6, 6, 8, 5, 5, 9, 9};
        for (int i = 0; i < widths.length; i++) {
            line.append(("%" + widths[i] + "s ").formatted(values.get(i)));
        }
        return line.toString().stripTrailing();
    }

    /** An array of one object a case; times in nanoseconds. */
    public static String json(List<BenchResult> results) {
        return results.stream()
                .map(BenchText::json)
                .collect(java.util.stream.Collectors.joining(",\n ", "[", "]"));
    }

    private static String json(BenchResult result) {
        StringBuilder object = new StringBuilder("{");
        List<String> names = BenchCase.columnNames();
        List<String> values = result.measured().columns();
        for (int i = 0; i < names.size(); i++) {
            boolean isNumber = Character.isDigit(values.get(i).charAt(0));
            String value = isNumber ? values.get(i) : '"' + values.get(i) + '"';
            object.append('"').append(names.get(i)).append("\": ").append(value).append(", ");
        }
        object.append("\"bareNanos\": ").append(json(result.bare()));
        object.append(", \"limitNanos\": ").append(json(result.limit()));
        object.append(", \"lookupNanos\": ").append(json(result.lookup()));
        object.append(", \"directorNanos\": ").append(json(result.director()));
        object.append(", \"packetsPerSecond\": ").append(Math.round(result.packetsPerSecond()));
        object.append(", \"ratio\": ").append(json(result.ratio()));
        object.append(", \"lookupRatio\": ").append(json(result.lookupRatio()));
        return object.append('}').toString();
    }

    private static String json(Samples samples) {
        return "{\"median\": %s, \"low\": %s, \"high\": %s}"
                .formatted(exact(samples.median()), exact(samples.low()), exact(samples.high()));
    }

    private static String nanos(Samples samples) {
        return Long.toString(Math.round(samples.median()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String exact(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
