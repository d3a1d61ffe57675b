package dev.sluice.lab;

import java.util.Map;
import java.util.stream.Collectors;

/** Reports as JSON (RFC 8259), for scripts. */
public final class ReportJson {
    private ReportJson() {}

    /**
     * One object by name:
     *
     * <pre>{@code
     * {"sluice": {"good": true, "figures": {"broken": "0"},
     *             "checks": [{"promise": "…", "kept": true, "seen": "…"}]}}
     * }</pre>
     */
    public static String of(Map<String, Report> reports) {
        return reports.entrySet().stream()
                .map(e -> quote(e.getKey()) + ":" + of(e.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String of(Report report) {
        return "{\"good\":%s,\"figures\":%s,\"checks\":%s}"
                .formatted(
                        report.isGood(),
                        report.figures().entrySet().stream()
                                .map(e -> quote(e.getKey()) + ":" + quote(e.getValue()))
                                .collect(Collectors.joining(",", "{", "}")),
                        report.checks().stream()
                                .map(ReportJson::of)
                                .collect(Collectors.joining(",", "[", "]")));
    }

    private static String of(Report.Check check) {
        return "{\"promise\":%s,\"kept\":%s,\"seen\":%s}"
                .formatted(quote(check.promise()), check.kept(), quote(check.seen()));
    }

    private static String quote(String text) {
        return text.chars()
                .mapToObj(ReportJson::escape)
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String escape(int c) {
        if (c == '"' || c == '\\') {
            return "\\" + (char) c;
        }
        return c < ' ' ? "\\u%04x".formatted(c) : String.valueOf((char) c);
    }
}
