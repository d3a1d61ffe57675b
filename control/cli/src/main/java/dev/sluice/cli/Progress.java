package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.QueuedOutcome;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far an accepted change of a proxy has come in one pool. Pure.
 *
 * @param kind which way the proxy goes
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
        String proxy,
        Kind kind,
        Stage stage,
        ProxyState state,
        boolean scanned,
        long flows,
        int rows,
        long deadlineMs,
        List<String> waitingFor) {

    /** In order. */
    enum Stage {
        /** It waits its turn. */
        QUEUED,
        /** The next view is being made known; nothing has moved. */
        PREPARING,
        /** Decided; some directors still forward by the older view. */
        COMMITTED,
        /** Every director that counts forwards by the new view. */
        ACKNOWLEDGED,
        /** The change was given up, or taken back by a newer one. */
        UNDONE
    }

    /** Which way a proxy goes. */
    enum Kind {
        DRAIN(ProxyState.PROXY_STATE_DRAINING, ProxyState.PROXY_STATE_DRAINED),
        FILL(ProxyState.PROXY_STATE_FILLING, ProxyState.PROXY_STATE_ACTIVE),
        /** Wherever it is: its weight changes. */
        STAY(ProxyState.PROXY_STATE_UNSPECIFIED, ProxyState.PROXY_STATE_UNSPECIFIED);

        private final ProxyState going;
        private final ProxyState done;

        Kind(ProxyState going, ProxyState done) {
            this.going = going;
            this.done = done;
        }

        boolean leadsTo(ProxyState state) {
            return this == STAY || state == going || state == done;
        }
    }

    static Progress of(ClusterStatus status, AcceptedChange change, String proxy, Kind kind) {
        for (PoolStatus pool : status.getPoolsList()) {
            if (pool.getName().equals(change.getPool())) {
                for (ProxyStatus one : pool.getProxiesList()) {
                    if (one.getId().equals(proxy)) {
                        return of(status, pool, one, change, kind);
                    }
                }
            }
        }
        return undone(change.getPool(), proxy, kind);
    }

    /** Of a change that has not begun. */
    static Progress queued(QueuedOutcome queued, String proxy) {
        return new Progress(
                queued.getPool(),
                proxy,
                Kind.STAY,
                Stage.QUEUED,
                ProxyState.PROXY_STATE_UNSPECIFIED,
                false,
                0,
                0,
                -1,
                List.of(queued.getReason()));
    }

    private static Progress of(
            ClusterStatus status,
            PoolStatus pool,
            ProxyStatus proxy,
            AcceptedChange change,
            Kind kind) {
        EpochStatus epoch = epoch(pool, change.getEpoch());
        boolean pending = epoch.getPhase() == EpochPhase.EPOCH_PHASE_PENDING;
        boolean scanned = !pending && proxy.getReportGeneration() >= epoch.getCommitGeneration();
        long deadline = change.getDeadlineUnixMs();
        return new Progress(
                pool.getName(),
                proxy.getId(),
                kind,
                // The control process may not have seen its own write yet.
                pool.getGeneration() < change.getGeneration()
                        ? Stage.PREPARING
                        : stage(status, pool, epoch, kind.leadsTo(proxy.getState())),
                proxy.getState(),
                scanned,
                scanned ? proxy.getDisplacedFlows() : proxy.getConnections(),
                proxy.getDisplacedRows(),
                deadline == 0 ? -1 : Math.max(0, deadline - status.getUnixMs()),
                pool.getWaitingForList());
    }

    /** That of the change; once it was dropped, the newest: it came later. */
    private static EpochStatus epoch(PoolStatus pool, long id) {
        return pool.getEpochsList().stream()
                .filter(e -> e.getId() == id)
                .findFirst()
                .orElseGet(() -> pool.getEpochs(0));
    }

    private static Stage stage(
            ClusterStatus status, PoolStatus pool, EpochStatus epoch, boolean onItsWay) {
        if (!onItsWay) {
            return Stage.UNDONE;
        }
        if (epoch.getPhase() == EpochPhase.EPOCH_PHASE_PENDING) {
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
                        .allMatch(
                                d -> d.getAcknowledgedGeneration() >= epoch.getCommitGeneration());
        return all ? Stage.ACKNOWLEDGED : Stage.COMMITTED;
    }

    private static Progress undone(String pool, String proxy, Kind kind) {
        return new Progress(
                pool,
                proxy,
                kind,
                Stage.UNDONE,
                ProxyState.PROXY_STATE_UNSPECIFIED,
                false,
                0,
                0,
                -1,
                List.of());
    }

    boolean isAcknowledged() {
        return stage == Stage.ACKNOWLEDGED;
    }

    boolean isDrained() {
        return stage != Stage.QUEUED
                && stage != Stage.PREPARING
                && state == ProxyState.PROXY_STATE_DRAINED;
    }

    /** One line for people. */
    String text() {
        if (stage == Stage.QUEUED) {
            return "pool " + pool + "   " + proxy + "   queued: " + waitingFor.getFirst();
        }
        String left =
                scanned
                        ? Words.count(flows, "connection") + " left on " + Words.count(rows, "row")
                        : Words.count(flows, "connection") + " open, not counted by row yet";
        String deadline =
                deadlineMs < 0 ? "no deadline" : "deadline in " + Words.duration(deadlineMs);
        String waiting = waitingFor.isEmpty() ? "" : "   " + waitingFor.getFirst();
        return "pool " + pool + "   " + proxy + "   " + phase() + "   " + left + "   " + deadline
                + waiting;
    }

    private String phase() {
        return switch (stage) {
            case QUEUED -> "queued";
            case PREPARING -> "preparing";
            case COMMITTED -> "committed";
            case ACKNOWLEDGED -> Words.of(state);
            case UNDONE -> "undone";
        };
    }
}
