package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.PoolOutcome;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.QueuedOutcome;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Follows an accepted or queued change to a stage. Survives a control process that restarts. */
final class ChangeWait {
    /** How long a change that has left the queue may take to show. */
    private static final long SHOWS_NANOS = 5_000_000_000L;

    private final List<Arguments.Followed> followed;
    private final List<PoolOutcome> outcomes;
    private final Reporter reporter;
    private final long startNanos;
    private long queuedNanos;
    private boolean acknowledged;

    /**
     * @param outcomes none of them refused
     * @param startNanos when the command was given
     */
    ChangeWait(
            List<Arguments.Followed> followed,
            List<PoolOutcome> outcomes,
            Reporter reporter,
            long startNanos) {
        this.followed = followed;
        this.outcomes = outcomes;
        this.reporter = reporter;
        this.startNanos = startNanos;
        this.queuedNanos = startNanos;
    }

    /** Where to stop. */
    enum Goal {
        /** Every director that counts forwards by the new view. */
        acknowledged,
        /** Nothing is left on the proxies that leave. */
        drained
    }

    /** Blocks. */
    void until(Goal goal, AdminClient client) throws Failure {
        StatusWatch.until(status -> isReached(goal, status), client);
    }

    private boolean isReached(Goal goal, ClusterStatus status) throws Failure {
        if (!status.getZookeeper().getCurrent()) {
            // What it shows may be old, or not all: nothing follows from it.
            reporter.blind(status.getControl());
            return false;
        }
        List<Progress> all = progress(status);
        for (Progress one : all) {
            boolean mayShowYet = System.nanoTime() - queuedNanos < SHOWS_NANOS && hasQueued();
            if (one.stage() == Progress.Stage.UNDONE && !mayShowYet) {
                throw new Failure(
                        ExitCode.FAILED,
                        "the change of "
                                + one.proxy()
                                + " in pool "
                                + one.pool()
                                + " was given up or replaced by a newer one; see 'sluice events'");
            }
            if (one.stage() == Progress.Stage.QUEUED) {
                queuedNanos = System.nanoTime();
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

    private boolean hasQueued() {
        return outcomes.stream().anyMatch(PoolOutcome::hasQueued);
    }

    /** Of each proxy in each pool that has it. */
    private List<Progress> progress(ClusterStatus status) {
        List<Progress> all = new ArrayList<>();
        for (PoolOutcome outcome : outcomes) {
            for (Arguments.Followed one : followed) {
                if (has(status, outcome.getPool(), one.proxy())) {
                    all.add(progress(status, outcome, one));
                }
            }
        }
        return all;
    }

    private static boolean has(ClusterStatus status, String pool, String proxy) {
        return status.getPoolsList().stream()
                .filter(one -> one.getName().equals(pool))
                .flatMap(one -> one.getProxiesList().stream())
                .map(ProxyStatus::getId)
                .anyMatch(proxy::equals);
    }

    private static Progress progress(
            ClusterStatus status, PoolOutcome outcome, Arguments.Followed one) {
        if (!outcome.hasQueued()) {
            return Progress.of(status, outcome.getAccepted(), one.proxy(), one.kind());
        }
        QueuedOutcome queued = outcome.getQueued();
        return isQueued(status, queued)
                ? Progress.queued(queued, one.proxy())
                : Progress.of(status, begun(queued), one.proxy(), one.kind());
    }

    private static boolean isQueued(ClusterStatus status, QueuedOutcome queued) {
        return status.getPoolsList().stream()
                .filter(pool -> pool.getName().equals(queued.getPool()))
                .map(PoolStatus::getQueueList)
                .flatMap(List::stream)
                .anyMatch(change -> change.getId() == queued.getId());
    }

    /** Which epoch it became is not known: the newest one tells. */
    private static AcceptedChange begun(QueuedOutcome queued) {
        return AcceptedChange.newBuilder()
                .setPool(queued.getPool())
                .setDeadlineUnixMs(queued.getDeadlineUnixMs())
                .build();
    }

    private boolean isDrained(List<Progress> all, ClusterStatus status) {
        List<Progress> leaving = all.stream().filter(p -> p.kind() == Progress.Kind.DRAIN).toList();
        if ((!acknowledged && leaving.isEmpty())
                || !leaving.stream().allMatch(Progress::isDrained)) {
            return false;
        }
        String proxies =
                leaving.stream().map(Progress::proxy).distinct().collect(Collectors.joining(", "));
        long count = leaving.stream().map(Progress::proxy).distinct().count();
        reporter.reached(
                "drained",
                elapsedMs(),
                status.getUnixMs(),
                proxies
                        + (count == 1 ? " is" : " are")
                        + " drained after "
                        + Words.duration(elapsedMs()));
        return true;
    }

    private long elapsedMs() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }
}
