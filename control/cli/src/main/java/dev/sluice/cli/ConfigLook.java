package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Looks whether a revision that was made active is served by all. Used by one thread. */
final class ConfigLook implements StatusWatch.Look {
    private final Goal goal;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final PrintWriter err;
    private final long startNanos;
    private long active;
    private String told = "";

    /**
     * What is looked for.
     *
     * @param activation its number among all that were made active
     * @param tried who has tried it
     */
    record Goal(long revision, long activation, List<String> tried) {
        Goal {
            tried = List.copyOf(tried);
        }
    }

    ConfigLook(Goal goal, Duration timeout, LongSupplier nanoTime, PrintWriter err) {
        this.goal = goal;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
        this.err = err;
        startNanos = nanoTime.getAsLong();
        active = goal.revision();
    }

    /** Tells how far it has come, and of the end as well. */
    @Override
    public boolean isReached(ClusterStatus status) throws Failure {
        checkIsNotOvertaken(status);
        Serving serving = Serving.of(status, goal.revision(), goal.tried());
        boolean isOld = isOld(status);
        if (!isOld && !serving.refusals().isEmpty()) {
            throw new Failure(ExitCode.FAILED, String.join("\n", serving.refusals()));
        }
        if (!isOld && serving.byAll()) {
            tell(serving.text() + " after " + Words.duration(elapsed().toMillis()));
            return true;
        }
        String seen = isOld ? status.getControl() + " has no current view" : serving.text();
        if (elapsed().compareTo(timeout) > 0) {
            throw new Failure(
                    ExitCode.FAILED,
                    "revision "
                            + goal.revision()
                            + " is not served by all after "
                            + Words.duration(timeout.toMillis())
                            + " ("
                            + seen
                            + ")");
        }
        tell(seen);
        return false;
    }

    /** A control process may not have seen yet that the revision is active. */
    private boolean isOld(ClusterStatus status) {
        return !status.getZookeeper().getCurrent()
                || status.getConfig().getActivation() < goal.activation();
    }

    private void checkIsNotOvertaken(ClusterStatus status) throws Failure {
        if (status.getConfig().getActivation() > goal.activation()) {
            active = status.getConfig().getActiveRevision();
        }
        if (active != goal.revision()) {
            throw new Failure(
                    ExitCode.FAILED,
                    "revision " + goal.revision() + " was overtaken by revision " + active);
        }
    }

    /** What becomes of it when nobody looks any more. */
    String goesOn() {
        return "revision " + active + " stays active; see 'sluice status'";
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    private void tell(String text) {
        if (!text.equals(told)) {
            told = text;
            err.println(text);
            err.flush();
        }
    }
}
