package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyStatus;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which proxies serve a revision. Pure.
 *
 * @param proxies all that run and serve configurations, by id
 */
record Serving(long revision, SortedMap<String, ProxyStatus> proxies) {
    /**
     * As a status shows it.
     *
     * @param tried who has tried the revision: proxies that have not served any yet are among them
     */
    static Serving of(ClusterStatus status, long revision, Collection<String> tried) {
        SortedMap<String, ProxyStatus> proxies = new TreeMap<>();
        for (PoolStatus pool : status.getPoolsList()) {
            for (ProxyStatus proxy : pool.getProxiesList()) {
                boolean serves = proxy.getConfigRevision() > 0 || tried.contains(proxy.getId());
                if (proxy.getPresent() && serves) {
                    proxies.put(proxy.getId(), proxy);
                }
            }
        }
        return new Serving(revision, proxies);
    }

    boolean byAll() {
        return proxies.values().stream().allMatch(this::isServedBy);
    }

    private boolean isServedBy(ProxyStatus proxy) {
        return proxy.getConfigRevision() == revision;
    }

    /** What proxies say against it that they had not said when they tried it. */
    List<String> refusals() {
        // As a proxy begins what it says of a revision that it could not begin to serve.
        String mark = "configuration " + revision + ": ";
        return proxies.values().stream()
                .flatMap(proxy ->
                        proxy.getProblemsList().stream()
                                .filter(problem -> problem.startsWith(mark))
                                .map(problem ->
                                        proxy.getId() + ": " + problem.substring(mark.length())))
                .toList();
    }

    /** In words, e.g. {@code served by p1; p2 serves 3}. */
    String text() {
        List<String> by =
                proxies.values().stream().filter(this::isServedBy).map(ProxyStatus::getId).toList();
        List<String> others =
                proxies.values().stream()
                        .filter(proxy -> !isServedBy(proxy))
                        .map(Serving::other)
                        .toList();
        String who = by.isEmpty() ? "nobody" : String.join(", ", by);
        return "served by " + who + (others.isEmpty() ? "" : "; " + String.join(", ", others));
    }

    private static String other(ProxyStatus proxy) {
        return proxy.getConfigRevision() == 0
                ? proxy.getId() + " serves nothing yet"
                : proxy.getId() + " serves " + proxy.getConfigRevision();
    }
}
