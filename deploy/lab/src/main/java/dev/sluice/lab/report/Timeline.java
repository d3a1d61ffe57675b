package dev.sluice.lab.report;

import com.google.errorprone.annotations.FormatMethod;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Change;
import dev.sluice.lab.history.Event.Convergence;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A picture of a history, as SVG: faults and changes as bars on top, below them requests a second,
 * those that failed, and pinned connections that broke. Used once.
 */
final class Timeline {
    private static final int WIDTH = 1000;
    private static final int LEFT = 210;
    private static final int LANE = 20;
    private static final int GRAPH = 110;
    private static final int BUCKETS = 160;
    private static final int MARGIN = 24;

    private final List<Event> events;
    private final long endMs;
    private final StringBuilder svg = new StringBuilder();
    private int y = MARGIN;

    private Timeline(List<Event> events) {
        this.events = events;
        this.endMs = Math.max(1000, events.stream().mapToLong(Timeline::end).max().orElse(0));
    }

    static String of(List<Event> events) {
        return new Timeline(events).draw();
    }

    private static long end(Event event) {
        return switch (event) {
            case Pin pin -> pin.endMs();
            case Request request -> request.endMs();
            case Fault fault -> fault.endMs();
            case Change change -> change.endMs();
            case Convergence convergence -> convergence.endMs();
            case Event.Delivery _, Event.Rest _, Event.LastResorts _ -> 0;
        };
    }

    private String draw() {
        History.all(events, Fault.class).forEach(this::lane);
        History.all(events, Change.class)
                .forEach(c -> lane(c.what(), c.atMs(), c.endMs(), "#4a7bd0"));
        History.all(events, Convergence.class)
                .forEach(c ->
                        lane(
                                "until whole",
                                c.atMs(),
                                c.endMs(),
                                c.whole() ? "#9bbf9b" : "#b3261e"));
        pins();
        List<Request> requests = History.all(events, Request.class);
        y += 8;
        graph("requests / s", requests, r -> r.failure().isEmpty(), "#197a3c");
        graph("failed / s", requests, r -> r.failure().isPresent(), "#b3261e");
        axis();
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">%s</svg>"
                .formatted(WIDTH, y + MARGIN, svg);
    }

    private void lane(Fault fault) {
        lane(fault.what(), fault.atMs(), fault.endMs(), "#e09b3d");
        double at = y - LANE / 2.0;
        if (fault.budgetMs() > 0) {
            line(x(fault.atMs()), at, x(fault.atMs() + fault.budgetMs()), at, "#8a5a13", 3);
        }
        fault.detectedMs().ifPresent(ms -> circle(x(ms), at, "#000", "the status showed it", 4));
    }

    private void lane(String name, long fromMs, long toMs, String colour) {
        label(name);
        double from = x(fromMs);
        double width = Math.max(3, x(toMs) - from);
        add(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" opacity=\"0.8\"><title>%s, %.1f s to %.1f s</title></rect>",
                from,
                y + 3,
                width,
                LANE - 6,
                colour,
                Page.text(name),
                fromMs / 1000.0,
                toMs / 1000.0);
        y += LANE;
    }

    private void pins() {
        List<Pin> broken =
                History.all(events, Pin.class).stream()
                        .filter(pin -> pin.broken().isPresent())
                        .toList();
        label("pinned, broken: " + broken.size());
        for (Pin pin : broken) {
            String title =
                    "%s %d by %s: %s"
                            .formatted(
                                    pin.kind(),
                                    pin.number(),
                                    pin.proxy(),
                                    pin.broken().map(b -> b.kind().toString()).orElse(""));
            circle(x(pin.endMs()), y + LANE / 2.0, "#b3261e", title, 4);
        }
        y += LANE;
    }

    private void graph(String name, List<Request> all, Predicate<Request> which, String colour) {
        double[] perSecond = new double[BUCKETS];
        double bucketSeconds = endMs / 1000.0 / BUCKETS;
        for (Request request : all) {
            if (which.test(request)) {
                int bucket = (int) Math.min(BUCKETS - 1, request.endMs() * BUCKETS / endMs);
                perSecond[bucket] += 1 / bucketSeconds;
            }
        }
        double most = 0;
        for (double rate : perSecond) {
            most = Math.max(most, rate);
        }
        label(String.format(Locale.ROOT, "%s, up to %.0f", name, most));
        bars(perSecond, Math.max(most, 1), colour);
        y += GRAPH + 8;
    }

    private void bars(double[] values, double most, String colour) {
        double width = (double) (WIDTH - LEFT - MARGIN) / BUCKETS;
        for (int i = 0; i < BUCKETS; i++) {
            double height = values[i] / most * GRAPH;
            if (height > 0) {
                add(
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
                        LEFT + i * width, y + GRAPH - height, width, height, colour);
            }
        }
        line(LEFT, y + GRAPH, WIDTH - MARGIN, y + GRAPH, "#999", 1);
    }

    private void axis() {
        long step = Math.max(1, endMs / 1000 / 10);
        for (long second = 0; second * 1000 <= endMs; second += step) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%d s</text>",
                    x(second * 1000), y + 12, second);
        }
    }

    private double x(long ms) {
        return LEFT + (double) Math.min(ms, endMs) / endMs * (WIDTH - LEFT - MARGIN);
    }

    private void label(String text) {
        add("<text x=\"6\" y=\"%d\">%s</text>", y + 14, Page.text(text));
    }

    private void line(double x1, double y1, double x2, double y2, String colour, int width) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>",
                x1, y1, x2, y2, colour, width);
    }

    private void circle(double cx, double cy, String colour, String title, int radius) {
        add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\"><title>%s</title></circle>",
                cx, cy, radius, colour, Page.text(title));
    }

    @FormatMethod
    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
