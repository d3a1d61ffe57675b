package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;

import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collection;

/** Waits until a revision that was made active is served. */
final class ConfigWait {
    @Option(names = "--no-wait", description = "Do not wait until every running proxy serves it.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DeadlineConverter.class,
            description = "Wait that long, 1s to 30d (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(1);

    /** Blocks. Tells how far it has come in lines to {@code err}, and of the end as well. */
    void until(long revision, Collection<String> tried, AdminClient client, PrintWriter err)
            throws Failure {
        if (noWait) {
            return;
        }
        String goesOn = "revision " + revision + " stays active; see 'sluice status'";
        try (Interruption note = Interruption.says(err, goesOn)) {
            StatusWatch.until(new Look(revision, tried, err)::isReached, client, timeout);
            note.disarm();
        } catch (Failure e) {
            throw new Failure(e.exitCode(), e.getMessage() + "; " + goesOn);
        }
    }

    private final class Look {
        private final long revision;
        private final Collection<String> tried;
        private final PrintWriter err;
        private final long startNanos = System.nanoTime();
        private boolean wasActive;
        private String told = "";

        Look(long revision, Collection<String> tried, PrintWriter err) {
            this.revision = revision;
            this.tried = tried;
            this.err = err;
        }

        boolean isReached(ClusterStatus status) throws Failure {
            Serving serving = Serving.of(status, revision, tried);
            boolean isOld = !status.getZookeeper().getCurrent() || !isActive(status);
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
                                + revision
                                + " is not served by all after "
                                + Words.duration(timeout.toMillis())
                                + " ("
                                + seen
                                + ")");
            }
            tell(seen);
            return false;
        }

        /**
         * A control process may not have seen yet that it is; afterwards it is or was overtaken.
         */
        private boolean isActive(ClusterStatus status) throws Failure {
            long active = status.getConfig().getActiveRevision();
            if (active == revision) {
                wasActive = true;
            } else if (wasActive) {
                throw new Failure(
                        ExitCode.FAILED,
                        "revision " + active + " became active instead of " + revision);
            }
            return wasActive;
        }

        private Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }

        private void tell(String text) {
            if (!text.equals(told)) {
                told = text;
                err.println(text);
                err.flush();
            }
        }
    }
}
