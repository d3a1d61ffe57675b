package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.fail;

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
import dev.sluice.lab.Topology;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.launcher.AdminOperator;
import dev.sluice.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;

/** A lab of a test's own, beside any other on this machine. */
final class TestCluster implements AutoCloseable {
    /** A proxy that failed over is filled again after half a minute of health. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

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

    /**
     * A lab with two directors and three proxies.
     *
     * @param name to which a few digits are added, so that two checkouts can be tested at once
     */
    static LabSpec spec(String name) {
        return spec(name, Topology.of(2, 3, 2));
    }

    static LabSpec spec(String name, Topology topology) {
        String checkout = "%04x".formatted(System.getProperty("user.dir", "").hashCode() & 0xffff);
        return LabSpec.of(name + checkout, topology);
    }

    /** Skips the test on a machine that cannot, or fails it if nothing may be skipped. */
    static TestCluster start(LabSpec spec) throws IOException, LabException {
        Needs.nothingMore(Requirements.missing());
        new LabCleanup(spec.directory(), new Progress(System.out)).run();
        return launch(spec);
    }

    /** As {@code sluice up} does it. */
    static TestCluster launch(LabSpec spec) throws IOException, LabException {
        Progress progress = new Progress(System.out);
        AdminOperator operator = AdminOperator.of(spec.directory());
        LabStart start = new LabStart(spec, JavaCommand.ofThisProcess(MAIN), operator, progress);
        try {
            return new TestCluster(spec, progress, start.run(), operator);
        } catch (IOException | LabException | RuntimeException e) {
            operator.close();
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

    /** Chooses a controller anew at the next request. */
    void reconnect() {
        operator.close();
    }

    /** Who leads, as one controller sees it; empty if it does not answer or does not know. */
    String leaderAccordingTo(Node control) {
        try (AdminOperator one = AdminOperator.of(spec.directory(), control)) {
            return one.look().map(ClusterView::leader).orElse("");
        }
    }

    ClusterView view() {
        return operator.look().orElseThrow(() -> new AssertionError("the controller is silent"));
    }

    /** Waits for a condition that must come about. */
    void await(String what, Await.Condition condition) throws IOException {
        if (!Await.until(LIMIT, POLL, condition)) {
            fail("after " + LIMIT + " still waiting for " + what + ": " + operator.look());
        }
    }

    /** Waits until every node is at work and no change is open. */
    void awaitSteady() throws IOException {
        await("a steady cluster", () -> operator.look().filter(this::isSteady).isPresent());
    }

    /** A change is refused until everyone knows the one before. */
    void fill(String proxy) throws IOException {
        await(proxy + " to be filled", () -> isAccepted(() -> operator.fill(proxy)));
        awaitSteady();
    }

    void drain(String proxy) throws IOException {
        drain(proxy, Duration.ZERO);
    }

    void drain(String proxy, Duration deadline) throws IOException {
        await(proxy + " to be drained", () -> isAccepted(() -> operator.drain(proxy, deadline)));
    }

    /** What an operator asks for. */
    private interface Change {
        void ask() throws IOException;
    }

    private boolean isAccepted(Change change) {
        try {
            change.ask();
            return true;
        } catch (IOException e) {
            progress.step(e.toString());
            return false;
        }
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
        keepLogs();
        new LabCleanup(spec.directory(), progress).run();
    }

    /** In the build folder, for whoever wonders why a test failed. */
    private void keepLogs() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "lab-logs", spec.directory().name()));
        try (Stream<Path> logs = Files.list(spec.directory().logs())) {
            for (Path log : logs.toList()) {
                Files.copy(
                        log,
                        kept.resolve(log.getFileName().toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
