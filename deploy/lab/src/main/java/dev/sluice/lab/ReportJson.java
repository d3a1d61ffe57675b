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
                .map(e -> Json.quote(e.getKey()) + ":" + of(e.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String of(Report report) {
        return "{\"good\":%s,\"figures\":%s,\"checks\":%s}"
                .formatted(
                        report.isGood(),
                        report.figures().entrySet().stream()
                                .map(e -> Json.quote(e.getKey()) + ":" + Json.quote(e.getValue()))
                                .collect(Collectors.joining(",", "{", "}")),
                        report.checks().stream()
                                .map(ReportJson::of)
                                .collect(Collectors.joining(",", "[", "]")));
    }

    private static String of(Report.Check check) {
        return "{\"promise\":%s,\"kept\":%s,\"seen\":%s}"
                .formatted(Json.quote(check.promise()), check.kept(), Json.quote(check.seen()));
    }
}
