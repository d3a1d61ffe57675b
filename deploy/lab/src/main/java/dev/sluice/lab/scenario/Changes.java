package dev.sluice.lab.scenario;

import dev.sluice.lab.Await;
import dev.sluice.lab.Cluster;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Operator.DirectorView;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Makes changes by the rules of a discipline and remembers how each went. Used by one thread. */
final class Changes {
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Discipline discipline;
    private final Duration patience;
    private final Cluster lab;
    private final Operator operator;
    private final Progress progress;
    private final List<Outcome> outcomes = new ArrayList<>();

    /** As it is once everything that was accepted has been done. */
    private final Set<String> view = new TreeSet<>();

    Changes(RollingSpec spec, Scenario.Stage stage) {
        this.discipline = spec.discipline();
        this.patience = spec.patience();
        this.lab = stage.cluster();
        this.operator = stage.operator();
        this.progress = stage.progress();
    }

    /** What an operator asks for; fails with the reason if it is refused. */
    interface Request {
        void ask() throws IOException;
    }

    /**
     * How a change went.
     *
     * @param reason of the last refusal; empty if there was none
     * @param took from the first attempt until it was accepted or given up
     */
    record Outcome(String what, boolean accepted, int refusals, String reason, Duration took) {
        String inWords() {
            String time = "%.1f s".formatted(took.toMillis() / 1000.0);
            if (!accepted) {
                return what + " refused for " + time;
            }
            return what
                    + " after "
                    + time
                    + (refusals == 0 ? "" : " and " + refusals + " refusals");
        }
    }

    void fill(String proxy) throws IOException, LabException {
        Set<String> next = new TreeSet<>(view());
        next.add(proxy);
        make("fill " + proxy, () -> operator.fill(proxy), next);
    }

    void replace(String old, String replacement, Duration deadline)
            throws IOException, LabException {
        Set<String> next = new TreeSet<>(view());
        next.remove(old);
        next.add(replacement);
        make(
                "replace " + old + " by " + replacement,
                () -> operator.replace(old, replacement, deadline),
                next);
    }

    void drain(String proxy, Duration deadline) throws IOException, LabException {
        Set<String> next = new TreeSet<>(view());
        next.remove(proxy);
        make("drain " + proxy, () -> operator.drain(proxy, deadline), next);
    }

    private Set<String> view() throws IOException {
        if (view.isEmpty()) {
            view.addAll(look().newest());
        }
        return view;
    }

    private void make(String what, Request request, Set<String> next)
            throws IOException, LabException {
        Outcome outcome =
                discipline == Discipline.UNCHECKED
                        ? write(what, next)
                        : ask(what, request, System.nanoTime());
        outcomes.add(outcome);
        if (outcome.accepted()) {
            view.clear();
            view.addAll(next);
        }
        progress.step(
                outcome.accepted()
                        ? what + ": accepted after " + outcome.took().toMillis() + " ms"
                        : what
                                + ": refused for "
                                + outcome.took().toSeconds()
                                + " s, "
                                + outcome.reason());
    }

    private Outcome write(String what, Set<String> next) throws IOException {
        long start = System.nanoTime();
        lab.run(
                lab.topology().ensemble().getFirst(),
                List.of(
                        "lab",
                        "unchecked-change",
                        "--zookeeper",
                        lab.topology().zookeeper(),
                        "--cluster",
                        Topology.CLUSTER,
                        "--pool",
                        Topology.POOL,
                        "--view",
                        String.join(",", next)));
        return new Outcome(what, true, 0, "", since(start));
    }

    /** Again and again until it is accepted, as an operator would. */
    private Outcome ask(String what, Request request, long start) throws IOException {
        int refusals = 0;
        String reason = "";
        while (since(start).compareTo(patience) < 0) {
            try {
                request.ask();
                return new Outcome(what, true, refusals, reason, since(start));
            } catch (IOException e) {
                refusals++;
                reason = String.valueOf(e.getMessage());
                Await.pause(RETRY);
            }
        }
        return new Outcome(what, false, refusals, reason, since(start));
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /**
     * Returns when every director forwards by what was accepted last.
     *
     * @param gone directors that cannot
     */
    void awaitAcknowledged(Set<String> gone) throws IOException, LabException {
        if (!Await.until(LIMIT, POLL, () -> isAcknowledged(look(), gone))) {
            throw LabException.failed(
                    "Waited " + LIMIT.toSeconds() + " s for the directors: " + operator.look());
        }
    }

    private boolean isAcknowledged(ClusterView now, Set<String> gone) throws IOException {
        return new HashSet<>(now.newest()).equals(view())
                && now.directors().stream()
                        .filter(director -> !gone.contains(director.id()))
                        .mapToLong(DirectorView::acknowledged)
                        .allMatch(generation -> generation >= now.commitGeneration())
                && now.directors().size()
                        >= lab.topology().nodes(Role.DIRECTOR).size() - gone.size();
    }

    private ClusterView look() throws IOException {
        return operator.look().orElseThrow(() -> new IOException("the controllers are silent"));
    }

    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }
}
