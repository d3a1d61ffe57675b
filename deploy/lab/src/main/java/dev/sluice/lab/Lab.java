package dev.sluice.lab;

import dev.sluice.lab.fabric.AnnounceHook;
import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.fabric.Impairments;
import dev.sluice.lab.process.Command;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.process.ProcessTable;
import dev.sluice.lab.process.ProcessUsage;
import dev.sluice.lab.traffic.ClientHost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

/**
 * A cluster that stands on this machine: hosts are network namespaces, roles are processes in them.
 * It outlives the process that brought it up ({@link LabStart}) and ends with {@link LabCleanup}.
 */
public final class Lab implements Cluster {
    private static final int LOG_LINES = 15;
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final LabDirectory directory;
    private final Topology topology;
    private final Fabric fabric;
    private final Impairments impairments;
    private final NodeProcesses processes;

    Lab(LabDirectory directory, Topology topology, NodeProcesses processes) {
        this.directory = directory;
        this.topology = topology;
        this.fabric = new Fabric(directory, topology);
        this.impairments = new Impairments(directory, topology);
        this.processes = processes;
    }

    /**
     * The lab of that name.
     *
     * @throws LabException if none is up
     */
    public static Lab find(LabDirectory directory) throws IOException, LabException {
        return findUp(directory)
                .orElseThrow(
                        () -> LabException.refused("No lab is up: start one with 'sluice up'."));
    }

    /** The lab of that name, if it is up. */
    public static Optional<Lab> findUp(LabDirectory directory) throws IOException {
        Optional<LabRecord> record = LabRecord.read(directory).filter(LabRecord::ready);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        Topology topology = record.get().topology();
        return Optional.of(new Lab(directory, topology, NodeProcesses.of(directory, topology)));
    }

    public LabDirectory directory() {
        return directory;
    }

    @Override
    public Topology topology() {
        return topology;
    }

    /** Runs a command in the node's network namespace, on the caller's terminal. */
    public int exec(Node node, List<String> command) throws IOException {
        List<String> line = new ArrayList<>();
        line.add("nsenter");
        line.add("--net=" + directory.namespaceFile(node));
        line.add("--");
        line.addAll(command);
        return Command.await(new ProcessBuilder(line).inheritIO().start());
    }

    @Override
    public String run(Node node, List<String> arguments) throws IOException {
        return Command.require(processes.lineOn(node, arguments).toArray(String[]::new));
    }

    @Override
    public void killProcess(Node node) throws IOException, LabException {
        ProcessId process = running(node);
        process.kill();
        ProcessTable.awaitEnd(List.of(process), KILL_LIMIT);
    }

    private ProcessId running(Node node) throws IOException, LabException {
        return process(node)
                .filter(ProcessId::isAlive)
                .orElseThrow(() -> LabException.refused("No process of " + node + " is running."));
    }

    @Override
    public void killHost(Node node) throws IOException, LabException {
        requireLink(node);
        fabric.linkDown(node);
        if (isAlive(node)) {
            killProcess(node);
        }
    }

    @Override
    public void pause(Node node) throws IOException, LabException {
        ProcessId process = running(node);
        if (process.isPaused()) {
            throw LabException.refused(node + " is paused already.");
        }
        process.pause();
    }

    @Override
    public void resume(Node node) throws IOException, LabException {
        ProcessId process = running(node);
        if (!process.isPaused()) {
            throw LabException.refused(node + " is not paused.");
        }
        process.resume();
    }

    @Override
    public void cut(Node node, Cut cut) throws IOException, LabException {
        requireLink(node);
        if (cut == Cut.LINK) {
            fabric.linkDown(node);
        } else {
            impairments.cut(node, cut);
        }
    }

    @Override
    public void impair(Node node, int lossPercent, Duration delay)
            throws IOException, LabException {
        requireLink(node);
        endImpairments(node);
        if (lossPercent > 0) {
            impairments.lose(node, lossPercent);
        }
        if (delay.isPositive()) {
            processes.startDelay(node, delay, topology.router());
            impairments.queue(node);
        }
    }

    @Override
    public void heal(Node node) throws IOException, LabException {
        requireLink(node);
        endImpairments(node);
        fabric.linkUp(node);
        AnnounceHook.repeat(directory, node);
    }

    private void endImpairments(Node node) throws IOException {
        impairments.heal(node);
        processes.endDelay(node);
    }

    @Override
    public void reshuffle(int seed) throws IOException {
        fabric.hashFlowsAnew(seed);
    }

    @Override
    public long pins() throws IOException {
        try (Stream<Path> files = Files.walk(directory.pins())) {
            return files.filter(file -> !Files.isDirectory(file)).count();
        }
    }

    @Override
    public void fillDisk(Node node) throws IOException, LabException {
        requireLink(node);
        Disks.fill(directory, node);
    }

    @Override
    public void freeDisk(Node node) throws IOException, LabException {
        requireLink(node);
        Disks.free(directory, node);
    }

    /** Frees the disk if it was filled. */
    public void restoreDisk(Node node) throws IOException {
        Disks.restore(directory, node);
    }

    /** Tells the truth again to a process whose clock was moved. */
    public void restoreClock(Node node) throws IOException {
        Clocks.restore(directory, node);
    }

    @Override
    public void startWithMovableClock(Node node) throws IOException, LabException {
        Clocks.makeMovable(directory, node);
        if (isAlive(node)) {
            killProcess(node);
        }
        start(node);
    }

    @Override
    public void jumpClock(Node node, Duration ahead) throws IOException, LabException {
        Clocks.jump(directory, node, ahead);
    }

    @Override
    public Optional<Usage> usage(Node node) throws IOException {
        Optional<ProcessId> process = process(node);
        return process.isEmpty() ? Optional.empty() : ProcessUsage.of(process.get());
    }

    @Override
    public List<String> deliveries(Node upstream) throws IOException {
        Path file = NodeProcesses.deliveries(directory, upstream);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void requireLink(Node node) throws LabException {
        if (node.role() == Role.ROUTER) {
            throw LabException.refused(
                    "The router is what the others' links end at: name another node.");
        }
    }

    @Override
    public void start(Node node) throws IOException, LabException {
        if (isAlive(node)) {
            throw LabException.refused(node + " is running already.");
        }
        if (node.role() != Role.ROUTER) {
            fabric.linkUp(node);
        }
        processes.start(node);
    }

    /**
     * Waits a while for what is wrong with it at once, like its configuration.
     *
     * @throws LabException if its process ends in that time
     */
    public void awaitStart(Node node, Duration time) throws IOException, LabException {
        ProcessId process = process(node).orElse(null);
        if (process != null && ProcessTable.awaitEnd(List.of(process), time)) {
            failIfEnded(node);
        }
    }

    /**
     * Only if it has a process at all.
     *
     * @throws LabException with the end of its log, if that is over
     */
    void failIfEnded(Node node) throws IOException, LabException {
        if (process(node).filter(process -> !process.isAlive()).isPresent()) {
            List<String> lines = Files.readAllLines(log(node));
            throw LabException.failed(
                    "The process of %s %s; the end of its log:\n%s"
                            .formatted(
                                    node,
                                    processes.table().ending(node.name()),
                                    String.join(
                                            "\n",
                                            lines.subList(
                                                    Math.max(0, lines.size() - LOG_LINES),
                                                    lines.size()))));
        }
    }

    @Override
    public boolean isAlive(Node node) throws IOException {
        return processes.table().isAlive(node.name());
    }

    @Override
    public ClientHost clients() {
        return new ClientHost(fabric.namespace(topology.client())::openTcp);
    }

    /** By IPv6. */
    public ClientHost clients6() {
        return ClientHost.ipv6(fabric.namespace(topology.client())::openTcp6);
    }

    @Override
    public Path l7File() {
        return directory.l7File();
    }

    @Override
    public SSLContext trust() throws IOException {
        return LabCertificate.trust(directory);
    }

    @Override
    public Ensemble ensemble() {
        return new Ensemble(topology, fabric::namespace);
    }

    @Override
    public HostCounters counters() {
        return new HostCounters(topology, directory::pins);
    }

    NodeProcesses processes() {
        return processes;
    }

    /** Packets that the router handed to each of its devices, by device name. */
    public Map<String, Long> sentByRouter() throws IOException {
        return fabric.sentPackets(topology.router());
    }

    /** The node's process, if it was ever started. */
    public Optional<ProcessId> process(Node node) throws IOException {
        return processes.table().find(node.name());
    }

    public Path log(Node node) {
        return directory.log(node);
    }
}
