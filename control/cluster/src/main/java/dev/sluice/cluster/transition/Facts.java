package dev.sluice.cluster.transition;

import dev.sluice.cluster.table.RowSet;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a controller knows about one pool's directors and proxies, by id.
 *
 * @param directors every director with a persistent record
 * @param proxies those of the pool's proxies that have a member record now
 * @param reports the latest persisted report of each proxy
 */
public record Facts(
        Map<String, DirectorFacts> directors,
        Map<String, ProxyFacts> proxies,
        Map<String, OwnedReport> reports) {

    public static final Facts NONE = new Facts(Map.of(), Map.of(), Map.of());

    public Facts {
        directors = Map.copyOf(directors);
        proxies = Map.copyOf(proxies);
        reports = Map.copyOf(reports);
    }

    /**
     * A director as far as this pool goes.
     *
     * @param acknowledged generation whose table it forwards by; 0 = none yet
     * @param withdrawn confirmed not announcing: need not be waited for
     * @param present has a session; missing means lagging, never gone (rule 12)
     * @param unreachable proxies that it cannot reach, by its own probes
     */
    public record DirectorFacts(
            long acknowledged, boolean withdrawn, boolean present, Set<String> unreachable) {
        public DirectorFacts {
            unreachable = Set.copyOf(unreachable);
        }
    }

    /**
     * A running proxy as far as this pool goes.
     *
     * @param incarnation of the running process
     * @param installed generation that this host works with and has persisted
     * @param connections open in its process, all pools together
     */
    public record ProxyFacts(String incarnation, long installed, long connections) {}

    /**
     * A proxy's answer to "on which rows do you still hold flows?".
     *
     * @param rows not open in the installed generation on which the host holds a flow
     * @param fenced unknown SYNs are refused on rows that are not open
     * @param flows behind those rows
     */
    public record OwnedReport(
            String incarnation,
            long installedGeneration,
            boolean fenced,
            RowSet rows,
            long flows) {}

    /** A report counts only for the incarnation that made it, if another one is known to run. */
    public Optional<OwnedReport> reportOf(String proxy) {
        return Optional.ofNullable(reports.get(proxy)).filter(r -> isCurrent(proxy, r));
    }

    private boolean isCurrent(String proxy, OwnedReport report) {
        ProxyFacts running = proxies.get(proxy);
        return running == null || running.incarnation().equals(report.incarnation());
    }
}
