package dev.sluice.lab.scenario;

import dev.sluice.lab.Report;
import dev.sluice.lab.scenario.Changes.Outcome;
import dev.sluice.lab.traffic.Crowd;
import dev.sluice.lab.traffic.Load;
import dev.sluice.lab.traffic.Talk;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What all connections together say.
 *
 * @param drained the proxies that were to take no new connections
 * @param filled those that were to take some again
 * @param changedNanos when every director knew of the last change
 * @param lastResorts packets that nobody knew, meanwhile
 */
record RollingConclusion(
        Discipline discipline,
        Crowd crowd,
        Load visitors,
        List<String> drained,
        List<String> filled,
        long changedNanos,
        long lastResorts) {
    static final String BROKEN = "connections broken";
    static final String MADE = "changes made";
    static final String MISLED = "new connections to a draining proxy";

    void addTo(Report report, List<Outcome> outcomes) {
        List<Talk> broken = crowd.broken();
        Map<String, Long> visits = visitors.tally().visitsSince(changedNanos);
        long misled = drained.stream().mapToLong(p -> visits.getOrDefault(p, 0L)).sum();
        long made = outcomes.stream().filter(Outcome::accepted).count();
        int connections = crowd.talks().size();
        report.figure("pinned connections", connections);
        report.figure("of them on the proxies that are drained", pinned());
        report.figure(MADE, made + " of " + outcomes.size());
        report.figure(BROKEN, broken.size());
        report.figure("new connections that failed", visitors.tally().failures().size());
        report.figure(MISLED, misled + " of " + sum(visits));
        report.figure("last resorts (packets)", lastResorts);
        report.figure("records exchanged", crowd.exchanges());
        report.figure("slowest record", crowd.slowest().toMillis() + " ms");
        switch (discipline) {
            case SLUICE -> {
                report.check("every change was made", made == outcomes.size(), inWords(outcomes));
                checkNothingBroke(report, broken);
                checkNewConnections(report, visits, misled);
            }
            case GLB -> {
                report.check(
                        "one change at a time: the others are refused",
                        made == 1,
                        inWords(outcomes));
                checkNothingBroke(report, broken);
            }
            case UNCHECKED ->
                    report.check(
                            "without the check, connections break",
                            !broken.isEmpty(),
                            broken.size() + " of " + connections + kinds(broken));
        }
    }

    private static String inWords(List<Outcome> outcomes) {
        return outcomes.stream().map(Outcome::inWords).collect(Collectors.joining(", "));
    }

    private long pinned() {
        return crowd.talks().stream().filter(t -> drained.contains(t.servedBy())).count();
    }

    private void checkNothingBroke(Report report, List<Talk> broken) {
        report.check(
                "no connection broke",
                broken.isEmpty(),
                broken.size() + " of " + crowd.talks().size() + kinds(broken));
        report.check(
                "no new connection failed",
                visitors.tally().failures().isEmpty(),
                visitors.tally().failures().toString());
        report.check("no packet was nobody's", lastResorts == 0, lastResorts + " last resorts");
    }

    private void checkNewConnections(Report report, Map<String, Long> visits, long misled) {
        report.check(
                "new connections go to the filled proxies and not to the drained ones",
                misled == 0 && visits.keySet().containsAll(filled),
                visits.toString());
    }

    private static long sum(Map<String, Long> visits) {
        return visits.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How they broke, and who had served them. */
    private static String kinds(List<Talk> broken) {
        return broken.isEmpty()
                ? ""
                : ", "
                        + broken.stream()
                                .collect(
                                        Collectors.groupingBy(
                                                t ->
                                                        t.servedBy()
                                                                + " "
                                                                + t.breakage().orElseThrow().kind(),
                                                Collectors.counting()));
    }
}
