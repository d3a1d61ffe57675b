package dev.sluice.lab.demo;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Node;
import dev.sluice.lab.Report;
import dev.sluice.lab.traffic.Tally;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What all connections together say about the demo.
 *
 * @param acknowledgedNanos when the last director had acknowledged the drain
 */
record Conclusion(Lab lab, Demo.Traffic traffic, Node proxy, long acknowledgedNanos) {
    private static final int FEWEST_NEW_CONNECTIONS = 50;

    void addTo(Report report) {
        Tally tally = traffic.load().tally();
        long lastResorts = lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT);
        int broken = tally.failures().size() + traffic.streams().broken().size();
        report.figure("connections opened", opened(tally));
        report.figure("requests answered", tally.requests());
        report.figure("pinned to " + proxy + " through its drain", pinned());
        report.figure("broken", broken);
        report.figure(
                "second chances (packets)", lab.counters().proxies(RedirectCounter.SECOND_CHANCE));
        report.figure("last resorts (packets)", lastResorts);
        checkNewConnections(report, tally);
        report.check("no connection broke", broken == 0, broken + " broke" + kinds(tally));
        report.check("no packet was nobody's", lastResorts == 0, lastResorts + " last resorts");
    }

    private int opened(Tally tally) {
        return tally.visits().size() + traffic.streams().all().size();
    }

    /** Downloads that the draining proxy served before every director knew, and still after. */
    private long pinned() {
        return traffic.streams().all().stream()
                .filter(d -> d.servedBy().equals(proxy.name()))
                .filter(d -> d.openedNanos() - acknowledgedNanos < 0)
                .filter(d -> d.lastByteNanos() - acknowledgedNanos > 0)
                .count();
    }

    private void checkNewConnections(Report report, Tally tally) {
        Map<String, Long> visits = new TreeMap<>(tally.visitsSince(acknowledgedNanos));
        long elsewhere = visits.values().stream().mapToLong(Long::longValue).sum();
        report.check(
                "every new connection went elsewhere",
                !visits.containsKey(proxy.name()) && elsewhere >= FEWEST_NEW_CONNECTIONS,
                visits.toString());
    }

    private static String kinds(Tally tally) {
        if (tally.failures().isEmpty()) {
            return "";
        }
        return tally.failures().stream()
                .collect(
                        Collectors.groupingBy(
                                f -> f.kind() + " " + f.message(), Collectors.counting()))
                .toString();
    }
}
