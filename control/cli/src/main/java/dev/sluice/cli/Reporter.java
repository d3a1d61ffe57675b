package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.PoolOutcome;
import dev.sluice.proto.admin.v1.PoolPlan;
import dev.sluice.proto.admin.v1.QueuedOutcome;
import dev.sluice.proto.admin.v1.Refusal;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells how a change goes on: lines for people, or a JSON object a line. */
final class Reporter {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final long QUIET_NANOS = 1_000_000_000L;

    private final PrintWriter out;
    private final Output output;
    private final boolean live;
    private String shown = "";
    private long shownAtNanos;

    /**
     * @param live lines may be overwritten
     */
    Reporter(PrintWriter out, Output output, boolean live) {
        this.out = out;
        this.output = output;
        this.live = live && output == Output.text;
    }

    /** What became of a change in one pool. */
    void outcome(PoolOutcome outcome) {
        switch (outcome.getOutcomeCase()) {
            case ACCEPTED -> accepted(outcome.getAccepted());
            case QUEUED -> queued(outcome.getQueued());
            case REFUSED -> refused(outcome.getPool(), outcome.getRefused());
            case OUTCOME_NOT_SET -> {}
        }
    }

    private void queued(QueuedOutcome queued) {
        emit(
                "queued",
                Map.of(
                        "pool", queued.getPool(),
                        "id", queued.getId(),
                        "position", queued.getPosition(),
                        "reason", queued.getReason(),
                        "deadline_unix_ms", queued.getDeadlineUnixMs()),
                "pool "
                        + queued.getPool()
                        + ": queued as "
                        + queued.getId()
                        + ", at place "
                        + queued.getPosition()
                        + "; "
                        + queued.getReason());
    }

    /** In words it goes to standard error, which is not ours. */
    private void refused(String pool, Refusal refusal) {
        if (output == Output.json) {
            emit(
                    "refused",
                    Map.of(
                            "pool", pool,
                            "kind", Words.of(refusal.getKind()),
                            "reason", refusal.getReason(),
                            "rows", refusal.getRows(),
                            "holders", refusal.getHoldersList(),
                            "earliest_unix_ms", refusal.getEarliestUnixMs(),
                            "way_out", refusal.getWayOut()),
                    "");
        }
    }

    /** What a change would cut by force, before it is made; in words it goes to standard error. */
    void risk(PoolPlan plan) {
        if (output == Output.json) {
            emit(
                    "risk",
                    Map.of(
                            "pool", plan.getPool(),
                            "reason", plan.getRefused().getReason(),
                            "effect", plan.getEffect(),
                            "rows", plan.getRisk().getRows(),
                            "connections", plan.getRisk().getConnections(),
                            "unknown", plan.getRisk().getUnknownList()),
                    "");
        }
    }

    private void accepted(AcceptedChange change) {
        emit(
                "accepted",
                Map.of(
                        "pool", change.getPool(),
                        "generation", change.getGeneration(),
                        "epoch", change.getEpoch(),
                        "deadline_unix_ms", change.getDeadlineUnixMs()),
                "pool "
                        + change.getPool()
                        + ": "
                        + change.getEffect()
                        + " (generation "
                        + change.getGeneration()
                        + ")");
    }

    /** At most once a second unless it is overwritten in place. */
    void progress(Progress progress, long nowNanos) {
        String text = progress.text();
        boolean due = live || shown.isEmpty() || nowNanos - shownAtNanos >= QUIET_NANOS;
        if (text.equals(shown) || !due) {
            return;
        }
        shown = text;
        shownAtNanos = nowNanos;
        if (output == Output.json) {
            out.println(Json.line(object("progress", fields(progress))));
        } else if (live) {
            out.print(CLEAR_LINE + text);
        } else {
            out.println(text);
        }
        out.flush();
    }

    private static Map<String, Object> fields(Progress progress) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pool", progress.pool());
        fields.put("proxy", progress.proxy());
        fields.put("stage", progress.stage().name().toLowerCase(java.util.Locale.ROOT));
        fields.put("state", Words.of(progress.state()));
        fields.put("scanned", progress.scanned());
        fields.put("flows", progress.flows());
        fields.put("rows", progress.rows());
        fields.put("deadline_ms", progress.deadlineMs());
        return fields;
    }

    /** A stage that all pools have reached. */
    void reached(String event, long afterMs, long unixMs, String text) {
        emit(event, Map.of("after_ms", afterMs, "unix_ms", unixMs), text);
    }

    /** Once in a row: the control process cannot tell. */
    void blind(String control) {
        String text = control + " has no current view of ZooKeeper; waiting";
        if (!text.equals(shown)) {
            emit("blind", Map.of("control", control), text);
            shown = text;
        }
    }

    private void emit(String event, Map<String, Object> fields, String text) {
        if (output == Output.json) {
            out.println(Json.line(object(event, fields)));
        } else {
            out.println((live && !shown.isEmpty() ? CLEAR_LINE : "") + text);
        }
        shown = "";
        out.flush();
    }

    private static Map<String, Object> object(String event, Map<String, Object> fields) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("event", event);
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> object.put(e.getKey(), e.getValue()));
        return object;
    }
}
