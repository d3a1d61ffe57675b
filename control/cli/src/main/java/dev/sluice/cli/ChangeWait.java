package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.ClusterStatus;

import io.grpc.StatusRuntimeException;

import java.util.Iterator;
import java.util.List;

/** Follows an accepted change to a stage. Survives a control process that restarts. */
final class ChangeWait {
    private final Progress.Kind kind;
    private final String proxy;
    private final List<AcceptedChange> changes;
    private final Reporter reporter;
    private final long startNanos;
    private boolean acknowledged;

    /**
     * @param startNanos when the command was given
     */
    ChangeWait(
            Progress.Kind kind,
            String proxy,
            List<AcceptedChange> changes,
            Reporter reporter,
            long startNanos) {
        this.kind = kind;
        this.proxy = proxy;
        this.changes = changes;
        this.reporter = reporter;
        this.startNanos = startNanos;
    }

    /** Where to stop. */
    enum Goal {
        /** Every director that counts forwards by the new view. */
        acknowledged,
        /** Nothing is left on the proxy. */
        drained
    }

    /** Blocks. */
    void until(Goal goal, AdminClient client) throws Failure {
        Away away = new Away(client);
        while (true) {
            try {
                Iterator<ClusterStatus> statuses = away.open(client::watch);
                while (statuses.hasNext()) {
                    away.back();
                    if (isReached(goal, statuses.next())) {
                        return;
                    }
                }
                away.pause();
            } catch (StatusRuntimeException e) {
                away.endured(e);
            }
        }
    }

    private boolean isReached(Goal goal, ClusterStatus status) throws Failure {
        if (!status.getZookeeper().getCurrent()) {
            // What it shows may be old, or not all: nothing follows from it.
            reporter.blind(status.getControl());
            return false;
        }
        List<Progress> all =
                changes.stream().map(change -> Progress.of(status, change, proxy, kind)).toList();
        for (Progress one : all) {
            if (one.stage() == Progress.Stage.UNDONE) {
                throw new Failure(
                        ExitCode.FAILED,
                        "the change of "
                                + proxy
                                + " in pool "
                                + one.pool()
                                + " was given up or replaced by a newer one; see 'sluice events'");
            }
            reporter.progress(one, System.nanoTime());
        }
        if (!acknowledged && all.stream().allMatch(Progress::isAcknowledged)) {
            acknowledged = true;
            reporter.reached(
                    "acknowledged",
                    elapsedMs(),
                    status.getUnixMs(),
                    "acknowledged by the last director after " + elapsedMs() + " ms");
        }
        return switch (goal) {
            case acknowledged -> acknowledged;
            case drained -> isDrained(all, status);
        };
    }

    private boolean isDrained(List<Progress> all, ClusterStatus status) {
        if (!all.stream().allMatch(Progress::isDrained)) {
            return false;
        }
        reporter.reached(
                "drained",
                elapsedMs(),
                status.getUnixMs(),
                proxy + " is drained after " + Words.duration(elapsedMs()));
        return true;
    }

    private long elapsedMs() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }
}
