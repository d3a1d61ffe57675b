package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.lab.Await;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabCleanup;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.LabStart;
import dev.sluice.lab.Node;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Operator.DirectorView;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Requirements;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.launcher.AdminOperator;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A lab of a test's own, beside any other on this machine. */
final class TestCluster implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String MAIN = "dev.sluice.launcher.Main";

    private final LabSpec spec;
    private final Progress progress;
    private final Lab lab;
    private final AdminOperator operator;

    private TestCluster(LabSpec spec, Progress progress, Lab lab, AdminOperator operator) {
        this.spec = spec;
        this.progress = progress;
        this.lab = lab;
        this.operator = operator;
    }

    /** Skips the test on a machine that cannot, or fails it if nothing may be skipped. */
    static TestCluster start(LabSpec spec) throws IOException, LabException {
        List<String> missing = Requirements.missing();
        if (Boolean.parseBoolean(System.getenv("SLUICE_REQUIRE_ALL"))
                || Boolean.getBoolean("SLUICE_REQUIRE_ALL")) {
            assertThat(missing).as("what this machine lacks").isEmpty();
        }
        assumeTrue(missing.isEmpty(), () -> String.join("; ", missing));
        Progress progress = new Progress(System.out);
        new LabCleanup(spec.directory(), progress).run();
        AdminOperator operator = AdminOperator.of(spec.directory());
        JavaCommand java = JavaCommand.ofThisProcess(MAIN);
        try {
            Lab lab = new LabStart(spec, java, operator, progress).run();
            return new TestCluster(spec, progress, lab, operator);
        } catch (IOException | LabException | RuntimeException e) {
            operator.close();
            new LabCleanup(spec.directory(), progress).run();
            throw e;
        }
    }

    Lab lab() {
        return lab;
    }

    AdminOperator operator() {
        return operator;
    }

    Progress progress() {
        return progress;
    }

    Node node(String name) throws LabException {
        return lab.node(name);
    }

    ClusterView view() {
        return operator.look().orElseThrow(() -> new AssertionError("the controller is silent"));
    }

    /** Waits for a condition that must come about. */
    static void await(String what, Duration limit, Await.Condition condition) throws IOException {
        if (!Await.until(limit, POLL, condition)) {
            fail("after " + limit + " still waiting: " + what);
        }
    }

    /** Waits until every node is at work and no change is open. */
    void awaitSteady() throws IOException {
        await(
                "a steady cluster",
                Duration.ofSeconds(40),
                () -> operator.look().filter(this::isSteady).isPresent());
    }

    private boolean isSteady(ClusterView view) {
        return view.settled()
                && view.isAcknowledged(view.generation())
                && view.directors().size() == spec.topology().directors()
                && view.directors().stream().allMatch(DirectorView::announcing)
                && view.proxies().stream().allMatch(p -> p.state().equals("ACTIVE") && p.healthy());
    }

    @Override
    public void close() throws IOException, LabException {
        operator.close();
        new LabCleanup(spec.directory(), progress).run();
    }
}
