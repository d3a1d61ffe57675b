package dev.sluice.lab;

import dev.sluice.lab.fabric.AnnounceHook;
import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.HttpConnection;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Brings a lab up, to the point where the VIP answers. Used once, by one thread. */
public final class LabStart {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);

    private final LabSpec spec;
    private final LabDirectory directory;
    private final JavaCommand java;
    private final Operator operator;
    private final Progress progress;
    private boolean claimed;

    public LabStart(LabSpec spec, JavaCommand java, Operator operator, Progress progress) {
        this.spec = spec;
        this.directory = spec.directory();
        this.java = java;
        this.operator = operator;
        this.progress = progress;
    }

    /**
     * Returns when every node is at work; on failure, and when interrupted, nothing is left.
     *
     * @throws LabException if the machine cannot, if a lab of that name is there, or if a node
     *     fails
     */
    public Lab run() throws IOException, LabException {
        try {
            return start();
        } catch (IOException | LabException | RuntimeException e) {
            if (claimed) {
                progress.step("that failed: taking the lab down");
                new LabCleanup(directory, progress).run();
            }
            throw e;
        }
    }

    private Lab start() throws IOException, LabException {
        List<String> missing = Requirements.missing();
        if (!missing.isEmpty()) {
            throw LabException.failed(missing);
        }
        claim();
        Fabric fabric = new Fabric(directory, spec.topology());
        progress.step("network: " + describe());
        fabric.build();
        Disks.mount(directory, spec.topology());
        new NodeConfigs(spec).write();
        AnnounceHook.write(directory, spec.topology());
        LabProgram.copy(directory, java);
        Lab lab = new Lab(directory, spec.topology(), NodeProcesses.of(directory, spec.topology()));
        startControlPlane(lab);
        LabCertificate.create(directory);
        await(lab, "a controller to answer", () -> operator.look().isPresent());
        startProxies(lab);
        operator.applyConfig(directory.l7File());
        startDirectors(lab);
        awaitCluster(lab);
        new LabRecord(spec.topology(), true, Optional.empty()).write(directory);
        return lab;
    }

    private String describe() {
        Topology topology = spec.topology();
        String control =
                topology.embedsZooKeeper()
                        ? "a controller with ZooKeeper"
                        : "ZooKeeper on %d hosts, controllers on %d"
                                .formatted(topology.zookeepers(), topology.controls());
        return "%s, %d directors, %d proxies, %d upstream servers, a router and clients"
                .formatted(control, topology.directors(), topology.proxies(), topology.upstreams());
    }

    /** The folder's creation is the lock: of two launchers one wins. */
    private void claim() throws IOException, LabException {
        Files.createDirectories(directory.root().getParent());
        try {
            Files.createDirectory(
                    directory.root(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw occupied();
        }
        claimed = true;
        Optional<ProcessId> self = ProcessId.of(ProcessHandle.current().pid());
        new LabRecord(spec.topology(), false, self).write(directory);
    }

    private LabException occupied() throws IOException {
        LabRecord record = LabRecord.read(directory).orElse(null);
        if (record != null && record.ready()) {
            return LabException.refused(
                    "A lab is up already, with %d directors and %d proxies: see 'sluice status', or end it with 'sluice down'."
                            .formatted(record.topology().directors(), record.topology().proxies()));
        }
        if (record != null && record.launcherIsAlive()) {
            return LabException.refused("A lab is just being brought up: wait for it.");
        }
        return LabException.refused(
                "A lab was left half made by a launcher that ended early: remove it with 'sluice down'.");
    }

    /** First and alone: all the others wait for ZooKeeper, and JVMs in a crowd start slowly. */
    private void startControlPlane(Lab lab) throws IOException {
        progress.step("starting ZooKeeper and the controllers");
        startAll(lab, List.of(Role.ZOOKEEPER, Role.CONTROL));
    }

    private void startAll(Lab lab, List<Role> roles) throws IOException {
        for (Role role : roles) {
            for (Node node : spec.topology().nodes(role)) {
                lab.processes().start(node);
            }
        }
    }

    private void startProxies(Lab lab) throws IOException {
        progress.step("starting proxies and upstream servers");
        startAll(lab, List.of(Role.PROXY, Role.UPSTREAM));
    }

    /** When the proxies serve: one that is slow to start would be one that they cannot reach. */
    private void startDirectors(Lab lab) throws IOException, LabException {
        await(lab, "every proxy to serve", this::isServed);
        progress.step("starting directors");
        startAll(lab, List.of(Role.ROUTER, Role.DIRECTOR));
    }

    private void awaitCluster(Lab lab) throws IOException, LabException {
        await(lab, "every proxy to be active", this::isActive);
        progress.step("every proxy is active");
        await(lab, "every director to announce the VIP", this::isAnnounced);
        progress.step("every director announces " + Topology.VIP);
        ClientHost clients = lab.clients();
        await(lab, "the VIP to answer", () -> answers(clients));
        progress.step("http://" + Topology.VIP + "/ answers");
    }

    private boolean isServed() throws IOException {
        return operator.look()
                .filter(view -> view.proxies().size() == spec.topology().proxies())
                .filter(view ->
                        view.proxies().stream()
                                .allMatch(p -> p.revision() == view.activeRevision()))
                .isPresent();
    }

    private boolean isActive() throws IOException {
        return operator.look()
                .filter(view -> view.proxies().size() == spec.topology().proxies())
                .filter(view ->
                        view.proxies().stream()
                                .allMatch(p ->
                                        p.state().equals("ACTIVE")
                                                && p.healthy()
                                                && p.revision() == view.activeRevision()))
                .isPresent();
    }

    private boolean isAnnounced() throws IOException {
        return operator.look()
                .filter(view -> view.directors().size() == spec.topology().directors())
                .filter(view -> view.isAcknowledged(view.generation()))
                .filter(view ->
                        view.directors().stream().allMatch(Operator.DirectorView::announcing))
                .isPresent();
    }

    private static boolean answers(ClientHost clients) {
        try (HttpConnection connection = clients.connect()) {
            return connection.get("/").isSuccess();
        } catch (IOException e) {
            return false;
        }
    }

    private void await(Lab lab, String what, Await.Condition condition)
            throws IOException, LabException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            failIfOneEnded(lab);
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw LabException.failed(
                        "Waited %d s for %s; the logs are in %s"
                                .formatted(LIMIT.toSeconds(), what, directory.logs()));
            }
            Await.pause(POLL);
        }
    }

    private void failIfOneEnded(Lab lab) throws IOException, LabException {
        for (Node node : spec.topology().nodes()) {
            lab.failIfEnded(node);
        }
    }
}
