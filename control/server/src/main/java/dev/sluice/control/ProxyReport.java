package dev.sluice.control;

import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.proto.admin.v1.Health;
import dev.sluice.proto.admin.v1.ProxyMark;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;

import java.util.ArrayList;
import java.util.List;

/** What an operator sees of one proxy in one pool. Pure. */
final class ProxyReport {
    private ProxyReport() {}

    /**
     * @param laggingSinceUnixMs 0 = it does not lag
     */
    static ProxyStatus of(ClusterView view, String pool, Proxy proxy, long laggingSinceUnixMs) {
        List<String> complaints = new ArrayList<>();
        ProxyStatus.Builder status =
                ProxyStatus.newBuilder()
                        .setId(proxy.id())
                        .setAddress(proxy.address().toString())
                        .setState(state(proxy.state()))
                        .setWeight(proxy.weight())
                        .setMark(mark(proxy.mark()))
                        .setLaggingSinceUnixMs(laggingSinceUnixMs)
                        .setHealth(health(view, proxy.id(), complaints))
                        .addAllComplaints(complaints);
        view.report(pool, proxy.id())
                .ifPresent(rows ->
                        status.setDisplacedFlows(rows.flows())
                                .setDisplacedRows(rows.rows().size())
                                .setReportUnixMs(rows.scannedUnixMs())
                                .setReportGeneration(rows.installedGeneration()));
        ProxyMember member = view.proxyMembers().get(proxy.id());
        if (member != null) {
            status.setPresent(true)
                    .setVersion(member.version())
                    .setInstalledGeneration(member.installed().getOrDefault(pool, 0L))
                    .setConnections(member.connections())
                    .setRequestsInFlight(member.requestsInFlight())
                    .setConfigRevision(member.configRevision())
                    .addAllProblems(member.problems());
        }
        return status.build();
    }

    private static ProxyState state(Proxy.State state) {
        return switch (state) {
            case JOINING -> ProxyState.PROXY_STATE_JOINING;
            case FILLING -> ProxyState.PROXY_STATE_FILLING;
            case ACTIVE -> ProxyState.PROXY_STATE_ACTIVE;
            case DRAINING -> ProxyState.PROXY_STATE_DRAINING;
            case DRAINED -> ProxyState.PROXY_STATE_DRAINED;
        };
    }

    private static ProxyMark mark(Proxy.Mark mark) {
        return switch (mark) {
            case NONE -> ProxyMark.PROXY_MARK_NONE;
            case FAILED_OVER -> ProxyMark.PROXY_MARK_FAILED_OVER;
            case CONFIRMED_OFF -> ProxyMark.PROXY_MARK_CONFIRMED_OFF;
        };
    }

    /** The majority's opinion among the directors that probe the proxy. */
    private static Health health(ClusterView view, String proxy, List<String> complaints) {
        int voters = 0;
        for (DirectorMember director : view.directorMembers().values()) {
            for (DirectorMember.HopVote vote : director.votes()) {
                if (vote.proxy().equals(proxy)) {
                    voters++;
                    if (!vote.healthy()) {
                        complaints.add(director.id() + ": " + vote.reason());
                    }
                }
            }
        }
        if (voters == 0) {
            return Health.HEALTH_UNKNOWN;
        }
        return 2 * complaints.size() > voters ? Health.HEALTH_UNHEALTHY : Health.HEALTH_HEALTHY;
    }
}
