package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.ConfigStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.PoolDirectorStatus;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A cluster's status for people. Pure. */
final class StatusText {
    private static final String NONE = "-";

    private StatusText() {}

    static String of(ClusterStatus status) {
        StringBuilder text = new StringBuilder();
        text.append(head(status)).append('\n');
        text.append(config(status)).append('\n');
        status.getPoolsList().forEach(pool -> text.append('\n').append(pool(pool, status)));
        if (status.getPoolsCount() == 0) {
            text.append("\nno pools\n");
        }
        text.append('\n').append(directors(status));
        List<String> problems = problems(status);
        if (!problems.isEmpty()) {
            text.append("\nproblems\n");
            problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
        }
        return text.toString();
    }

    private static String head(ClusterStatus status) {
        String zookeeper =
                !status.getZookeeper().getConnected()
                        ? "NOT CONNECTED: what is shown may be old"
                        : status.getZookeeper().getCurrent() ? "connected" : "reading";
        return "cluster "
                + status.getCluster()
                + "   leader "
                + (status.getLeader().isEmpty() ? "none" : status.getLeader())
                + "   asked "
                + status.getControl()
                + "   zookeeper "
                + status.getZookeeper().getServers()
                + " "
                + zookeeper;
    }

    private static String config(ClusterStatus status) {
        ConfigStatus config = status.getConfig();
        if (config.getActiveRevision() == 0) {
            return "config none: apply one with 'sluice config apply -f FILE'";
        }
        return "config revision "
                + config.getActiveRevision()
                + "   "
                + config.getOrigin()
                + "   applied by "
                + config.getAppliedBy()
                + " "
                + Words.duration(status.getUnixMs() - config.getAppliedUnixMs())
                + " ago";
    }

    private static String pool(PoolStatus pool, ClusterStatus status) {
        StringBuilder text = new StringBuilder();
        text.append("pool ").append(pool.getName());
        text.append("   generation ").append(pool.getGeneration());
        text.append("   ").append(Words.of(pool.getPhase()));
        text.append("   ").append(String.join(" ", pool.getBindsList()));
        text.append("   wire ").append(pool.getWire()).append('\n');
        Table table =
                new Table(
                        "  ",
                        "PROXY",
                        "STATE",
                        "HEALTH",
                        "INSTALLED",
                        "CONNECTIONS",
                        "DISPLACED",
                        "CONFIG",
                        "WEIGHT",
                        "ADDRESS");
        pool.getProxiesList().forEach(proxy -> row(table, proxy, status.getUnixMs()));
        text.append(table);
        pool.getEpochsList().forEach(epoch -> text.append(deadline(epoch, status.getUnixMs())));
        pool.getWaitingForList()
                .forEach(reason -> text.append("  waiting: ").append(reason).append('\n'));
        text.append(patience(pool, status.getUnixMs()));
        pool.getQueueList()
                .forEach(queued ->
                        text.append("  queued ")
                                .append(queued.getId())
                                .append(": ")
                                .append(queued.getChange())
                                .append("   by ")
                                .append(queued.getActor())
                                .append('\n'));
        return text.toString();
    }

    private static String patience(PoolStatus pool, long nowUnixMs) {
        long left = pool.getPatienceEndsUnixMs() - nowUnixMs;
        if (pool.getPatienceEndsUnixMs() == 0 || pool.getWaitingForCount() == 0) {
            return "";
        }
        return left > 0
                ? "  waits for all of them for "
                        + Words.duration(left)
                        + " more, then for one tier\n"
                : "  waits until all directors, or all proxies, know it: see 'sluice abort' and"
                        + " 'sluice directors remove'\n";
    }

    /** Its state, and what stands beside it. */
    private static String state(ProxyStatus proxy) {
        return switch (proxy.getMark()) {
            case PROXY_MARK_FAILED_OVER -> Words.of(proxy.getState()) + ", failed over";
            case PROXY_MARK_CONFIRMED_OFF -> Words.of(proxy.getState()) + ", confirmed off";
            case PROXY_MARK_NONE, PROXY_MARK_UNSPECIFIED, UNRECOGNIZED ->
                    Words.of(proxy.getState());
        };
    }

    private static String installed(ProxyStatus proxy, long nowUnixMs) {
        return proxy.getInstalledGeneration()
                + (proxy.getLaggingSinceUnixMs() == 0
                        ? ""
                        : lagging(proxy.getLaggingSinceUnixMs(), nowUnixMs));
    }

    private static String lagging(long sinceUnixMs, long nowUnixMs) {
        long ms = nowUnixMs - sinceUnixMs;
        return sinceUnixMs == 0 || ms < 1000
                ? " (lagging)"
                : " (lagging for " + Words.duration(ms) + ")";
    }

    private static void row(Table table, ProxyStatus proxy, long nowUnixMs) {
        boolean present = proxy.getPresent();
        table.row(
                proxy.getId(),
                state(proxy),
                present ? Words.of(proxy.getHealth()) : "no session",
                present ? installed(proxy, nowUnixMs) : NONE,
                present ? Long.toString(proxy.getConnections()) : NONE,
                proxy.getReportUnixMs() == 0 ? NONE : Long.toString(proxy.getDisplacedFlows()),
                present ? Long.toString(proxy.getConfigRevision()) : NONE,
                Integer.toString(proxy.getWeight()),
                proxy.getAddress());
    }

    private static String deadline(EpochStatus epoch, long nowUnixMs) {
        if (epoch.getDeadlineUnixMs() == 0) {
            return "";
        }
        return epoch.getExpired()
                ? "  deadline passed: displaced connections are reset\n"
                : "  deadline in "
                        + Words.duration(epoch.getDeadlineUnixMs() - nowUnixMs)
                        + ": displaced connections are reset then\n";
    }

    private static String directors(ClusterStatus status) {
        if (status.getDirectorsCount() == 0) {
            return "no directors\n";
        }
        Table table =
                new Table(
                        "", "DIRECTOR", "STATE", "ACKNOWLEDGED", "DATAPATH", "VERSION", "ADDRESS");
        for (DirectorStatus director : status.getDirectorsList()) {
            table.row(
                    director.getId(),
                    DirectorsText.state(director),
                    acknowledged(status, director.getId()),
                    director.getPresent() ? director.getDatapath() : NONE,
                    director.getPresent() ? director.getVersion() : NONE,
                    director.getAddress());
        }
        return table.toString();
    }

    private static String acknowledged(ClusterStatus status, String director) {
        return status.getPoolsList().stream()
                .flatMap(pool ->
                        pool.getDirectorsList().stream()
                                .filter(d -> d.getId().equals(director))
                                .map(d -> acknowledged(pool, d, status.getUnixMs())))
                .collect(Collectors.joining(", "));
    }

    private static String acknowledged(
            PoolStatus pool, PoolDirectorStatus director, long nowUnixMs) {
        return pool.getName()
                + " "
                + director.getAcknowledgedGeneration()
                + (director.getLagging()
                        ? lagging(director.getLaggingSinceUnixMs(), nowUnixMs)
                        : "");
    }

    /** Those of the cluster, of directors and of proxies; each once. */
    private static List<String> problems(ClusterStatus status) {
        List<String> problems = new ArrayList<>(status.getProblemsList());
        for (DirectorStatus director : status.getDirectorsList()) {
            director.getProblemsList().forEach(p -> problems.add(director.getId() + ": " + p));
        }
        for (PoolStatus pool : status.getPoolsList()) {
            if (!pool.getFailoverRefusal().isEmpty()) {
                problems.add("pool " + pool.getName() + ": " + pool.getFailoverRefusal());
            }
            for (ProxyStatus proxy : pool.getProxiesList()) {
                proxy.getProblemsList().forEach(p -> problems.add(proxy.getId() + ": " + p));
                proxy.getComplaintsList()
                        .forEach(c -> problems.add(proxy.getId() + " unreachable from " + c));
            }
        }
        return problems.stream().distinct().toList();
    }
}
