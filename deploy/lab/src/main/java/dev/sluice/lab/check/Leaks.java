package dev.sluice.lab.check;

import dev.sluice.lab.Cluster.Usage;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Change;
import dev.sluice.lab.history.Event.Rest;
import dev.sluice.lab.history.History;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * At rest the cluster holds at the end what it held at the beginning: files, sockets, threads,
 * memory, znodes, pins. Judges from the first rest to the last; a history with one has nothing to
 * say.
 */
record Leaks() implements Checker {
    /** Idle connections between nodes come and go, pools grow once. */
    private static final long FILES = 24;

    private static final long THREADS = 24;

    /** A small JVM's heap (192 MB at most) and code fill up in the first minutes. */
    private static final long MEMORY_KB = 96 * 1024;

    /** Each change is an event and perhaps a revision; the audit log itself is bounded. */
    private static final long ZNODES_PER_CHANGE = 3;

    private static final long ZNODES = 24;

    @Override
    public String promise() {
        return "nothing leaked: files, sockets, threads, memory, znodes, pins";
    }

    @Override
    public boolean applies(List<Event> events) {
        return !History.all(events, Rest.class).isEmpty();
    }

    @Override
    public List<Violation> check(List<Event> events) {
        List<Violation> violations = new ArrayList<>();
        long changes = History.all(events, Change.class).size();
        for (List<Rest> rests : byNode(events).values()) {
            Rest first = rests.getFirst();
            Rest last = rests.getLast();
            String name = last.node().isEmpty() ? "the cluster" : last.node();
            List<String> grown = new ArrayList<>();
            if (first.usage().isPresent() && last.usage().isPresent()) {
                grown.addAll(grown(first.usage().get(), last.usage().get()));
            }
            grow(
                    grown,
                    "znodes",
                    first.znodes(),
                    last.znodes(),
                    ZNODES + ZNODES_PER_CHANGE * changes);
            grow(grown, "pins", first.pins(), last.pins(), 0);
            grown.forEach(text -> violations.add(new Violation(last.atMs(), name + ": " + text)));
        }
        return violations;
    }

    private static Map<String, List<Rest>> byNode(List<Event> events) {
        return History.all(events, Rest.class).stream()
                .collect(
                        Collectors.groupingBy(Rest::node, LinkedHashMap::new, Collectors.toList()));
    }

    private static List<String> grown(Usage first, Usage last) {
        List<String> grown = new ArrayList<>();
        grow(grown, "files", first.files(), last.files(), FILES);
        grow(grown, "sockets", first.sockets(), last.sockets(), FILES);
        grow(grown, "threads", first.threads(), last.threads(), THREADS);
        grow(grown, "KB of memory", first.memoryKb(), last.memoryKb(), MEMORY_KB);
        return grown;
    }

    private static void grow(List<String> grown, String what, long first, long last, long slack) {
        if (last > first + slack) {
            grown.add("%,d %s at rest, %,d at the beginning".formatted(last, what, first));
        }
    }

    @Override
    public String seen(List<Event> events) {
        Map<String, List<Rest>> byNode = byNode(events);
        return "%d nodes and the cluster, %d times each"
                .formatted(
                        Math.max(0, byNode.size() - 1),
                        byNode.values().stream().mapToInt(List::size).max().orElse(0));
    }
}
