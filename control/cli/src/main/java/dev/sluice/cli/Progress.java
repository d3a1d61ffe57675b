package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far an accepted change of a proxy has come in one pool. Pure.
 *
 * @param stage how far
 * @param state of the proxy
 * @param scanned the proxy has counted what is left since the commit
 * @param flows left on the proxy: displaced ones if it has counted, else all its connections
 * @param rows on which they are
 * @param deadlineMs until they are reset; -1 = never
 * @param waitingFor in words
 */
record Progress(
        String pool,
        Stage stage,
        ProxyState state,
        boolean scanned,
        long flows,
        int rows,
        long deadlineMs,
        List<String> waitingFor) {

    /** In order. */
    enum Stage {
        /** The next view is being made known; nothing has moved. */
        PREPARING,
        /** Decided; some directors still forward by the older view. */
        COMMITTED,
        /** Every director that counts forwards by the new view. */
        ACKNOWLEDGED,
        /** The change was given up, or taken back by a newer one. */
        UNDONE
    }

    static Progress of(ClusterStatus status, AcceptedChange change, String proxy) {
        Optional<PoolStatus> pool =
                status.getPoolsList().stream()
                        .filter(p -> p.getName().equals(change.getPool()))
                        .findFirst();
        Optional<ProxyStatus> found =
                pool.flatMap(p ->
                        p.getProxiesList().stream()
                                .filter(x -> x.getId().equals(proxy))
                                .findFirst());
        return found.map(x -> of(status, pool.get(), x, change))
                .orElseGet(() -> undone(change.getPool()));
    }

    private static Progress of(
            ClusterStatus status, PoolStatus pool, ProxyStatus proxy, AcceptedChange change) {
        Optional<EpochStatus> epoch =
                pool.getEpochsList().stream()
                        .filter(e -> e.getId() == change.getEpoch())
                        .findFirst();
        long committed = epoch.map(EpochStatus::getCommitGeneration).orElse(0L);
        boolean scanned = committed > 0 && proxy.getReportGeneration() >= committed;
        long deadline = change.getDeadlineUnixMs();
        return new Progress(
                pool.getName(),
                stage(status, pool, epoch),
                proxy.getState(),
                scanned,
                scanned ? proxy.getDisplacedFlows() : proxy.getConnections(),
                proxy.getDisplacedRows(),
                deadline == 0 ? -1 : Math.max(0, deadline - status.getUnixMs()),
                pool.getWaitingForList());
    }

    /** An epoch is dropped when it was aborted, or when a newer view has replaced it. */
    private static Stage stage(ClusterStatus status, PoolStatus pool, Optional<EpochStatus> epoch) {
        if (epoch.isEmpty() || epoch.get().getPhase() == EpochPhase.EPOCH_PHASE_SETTLING) {
            return Stage.UNDONE;
        }
        if (epoch.get().getPhase() == EpochPhase.EPOCH_PHASE_PENDING) {
            return Stage.PREPARING;
        }
        Set<String> withdrawn =
                status.getDirectorsList().stream()
                        .filter(DirectorStatus::getWithdrawn)
                        .map(DirectorStatus::getId)
                        .collect(Collectors.toSet());
        boolean all =
                pool.getDirectorsList().stream()
                        .filter(d -> !withdrawn.contains(d.getId()))
                        .allMatch(d ->
                                d.getAcknowledgedGeneration() >= epoch.get().getCommitGeneration());
        return all ? Stage.ACKNOWLEDGED : Stage.COMMITTED;
    }

    private static Progress undone(String pool) {
        return new Progress(
                pool, Stage.UNDONE, ProxyState.PROXY_STATE_UNSPECIFIED, false, 0, 0, -1, List.of());
    }

    boolean isAcknowledged() {
        return stage == Stage.ACKNOWLEDGED;
    }

    boolean isDrained() {
        return state == ProxyState.PROXY_STATE_DRAINED;
    }

    /** One line for people. */
    String text() {
        String left =
                scanned
                        ? Words.count(flows, "connection") + " left on " + Words.count(rows, "row")
                        : Words.count(flows, "connection") + " open, not counted by row yet";
        String deadline =
                deadlineMs < 0 ? "no deadline" : "deadline in " + Words.duration(deadlineMs);
        String waiting = waitingFor.isEmpty() ? "" : "   " + waitingFor.getFirst();
        return "pool " + pool + "   " + phase() + "   " + left + "   " + deadline + waiting;
    }

    private String phase() {
        return switch (stage) {
            case PREPARING -> "preparing";
            case COMMITTED -> "committed";
            case ACKNOWLEDGED -> Words.of(state);
            case UNDONE -> "undone";
        };
    }
}
