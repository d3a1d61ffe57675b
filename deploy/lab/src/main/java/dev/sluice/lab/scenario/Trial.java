package dev.sluice.lab.scenario;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.Await;
import dev.sluice.lab.Cluster;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Report;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.check.Checker;
import dev.sluice.lab.check.Checkers;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.History;
import dev.sluice.lab.traffic.Traffic;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A script played under traffic that notices everything, and judged by every checker.
 *
 * @param name lower case, as on the command line
 * @param summary one sentence
 * @param topology the least that it needs
 * @param prepare before the traffic; restarts are free
 * @param quiet without traffic before it is looked at what is held, at the beginning and at the
 *     end: resting connections must have gone by then; zero = that is not looked at
 */
public record Trial(
        String name,
        String summary,
        Topology topology,
        Script prepare,
        Script script,
        Duration quiet) {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);

    /** Before the first fault and after the last. */
    private static final Duration CALM = Duration.ofSeconds(2);

    private static final int WARM_UP_REQUESTS = 60;

    /** Code is compiled and pools are filled. */
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    public static Trial of(String name, String summary, Topology topology, Script script) {
        return new Trial(name, summary, topology, _ -> {}, script, Duration.ZERO);
    }

    public Trial lookingForLeaks(Duration after) {
        return new Trial(name, summary, topology, prepare, script, after);
    }

    /** It goes on for as long as it is told. */
    public boolean isOpenEnded() {
        return script instanceof Storm;
    }

    public Trial preparedBy(Script first) {
        return new Trial(name, summary, topology, first, script, quiet);
    }

    /**
     * What was asked for.
     *
     * @param seed of all randomness of a script
     * @param length of one that has no end of its own
     */
    public record Order(long seed, Optional<Duration> length) {}

    /**
     * How it went.
     *
     * @param report figures and promises
     */
    public record Outcome(Trial trial, Order order, History history, Report report) {
        /** What to type to see it again. */
        public String replay() {
            return "sluice chaos run "
                    + trial.name()
                    + " --seed "
                    + order.seed()
                    + order.length().map(time -> " --minutes " + time.toMinutes()).orElse("");
        }
    }

    /** Leaves the cluster whole, unless that is what failed. */
    public Outcome run(Scenario.Stage stage, Order order) throws IOException, LabException {
        return run(stage, order, Traffic.Spec.DEFAULT);
    }

    Outcome run(Scenario.Stage stage, Order order, Traffic.Spec traffic)
            throws IOException, LabException {
        History history = new History();
        Play play = new Play(stage, history, order);
        Convergence convergence = new Convergence(stage.cluster(), stage.operator());
        prepare.play(play);
        requireWhole(convergence);
        int[] delivered = delivered(stage.cluster());
        if (quiet.isPositive()) {
            playUnderTraffic(stage, play, _ -> play.hold(WARM_UP), convergence, traffic);
            rest(play);
        }
        playUnderTraffic(stage, play, script, convergence, traffic);
        collectDeliveries(stage.cluster(), history, delivered);
        if (quiet.isPositive()) {
            rest(play);
        }
        return new Outcome(this, order, history, judge(history));
    }

    private static void requireWhole(Convergence convergence) throws IOException, LabException {
        if (!Await.until(LIMIT, POLL, () -> convergence.missing().isEmpty())) {
            throw LabException.refused(
                    "The cluster is not whole, so that no fault could be told from another: "
                            + String.join("; ", convergence.missing()));
        }
    }

    private void playUnderTraffic(
            Scenario.Stage stage,
            Play play,
            Script what,
            Convergence convergence,
            Traffic.Spec spec)
            throws IOException, LabException {
        History history = play.history();
        Cluster cluster = stage.cluster();
        try (Traffic traffic = Traffic.start(spec, history, cluster.clients(), cluster.trust())) {
            if (!Await.until(
                    LIMIT,
                    POLL,
                    () -> traffic.isUnderWay() && traffic.answered() > WARM_UP_REQUESTS)) {
                throw LabException.failed("The traffic does not flow.");
            }
            play.hold(CALM);
            long before = lastResorts(cluster);
            try {
                what.play(play);
            } finally {
                play.healAll();
            }
            play.say("waiting for the cluster to be whole");
            Event.Convergence end = convergence.await(history);
            play.say(end.whole() ? "whole" : "NOT whole: " + end.seen());
            play.hold(CALM);
            // Before downloads are broken off: each resets its connection more than once.
            history.add(new Event.LastResorts(history.nowMs(), lastResorts(cluster) - before));
        }
    }

    private static long lastResorts(Cluster cluster) {
        return cluster.counters().proxies(RedirectCounter.KEPT_LAST_RESORT);
    }

    private static int[] delivered(Cluster cluster) throws IOException {
        List<Node> upstreams = cluster.topology().nodes(Role.UPSTREAM);
        int[] counts = new int[upstreams.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = cluster.deliveries(upstreams.get(i)).size();
        }
        return counts;
    }

    private static void collectDeliveries(Cluster cluster, History history, int[] before)
            throws IOException {
        List<Node> upstreams = cluster.topology().nodes(Role.UPSTREAM);
        for (int i = 0; i < before.length; i++) {
            List<String> lines = cluster.deliveries(upstreams.get(i));
            for (String line : lines.subList(before[i], lines.size())) {
                String[] words = line.split(" ", 2);
                history.add(
                        new Event.Delivery(
                                history.nowMs(), upstreams.get(i).name(), words[0], words[1]));
            }
        }
    }

    /** What is held now, when there is no traffic. */
    private void rest(Play play) throws IOException {
        Cluster cluster = play.cluster();
        History history = play.history();
        play.say("quiet for " + quiet.toSeconds() + " s, to see what is held");
        play.hold(quiet);
        for (Node node : cluster.topology().hosts()) {
            var usage = cluster.usage(node);
            if (usage.isPresent()) {
                history.add(new Event.Rest(history.nowMs(), node.name(), usage, 0, 0));
            }
        }
        history.add(
                new Event.Rest(
                        history.nowMs(),
                        "",
                        Optional.empty(),
                        cluster.ensemble().znodes().orElse(0),
                        cluster.pins()));
    }

    private static Report judge(History history) {
        Report report = new Report();
        List<Event> events = history.events();
        Figures.addTo(report, events);
        for (Checker checker : Checkers.all()) {
            if (!checker.applies(events)) {
                continue;
            }
            List<Checker.Violation> violations = checker.check(events);
            report.check(
                    checker.promise(),
                    violations.isEmpty(),
                    violations.isEmpty() ? checker.seen(events) : inWords(violations));
        }
        return report;
    }

    private static String inWords(List<Checker.Violation> violations) {
        Checker.Violation first = violations.getFirst();
        return "%d times, first at %.1f s: %s"
                .formatted(violations.size(), first.atMs() / 1000.0, first.text());
    }
}
