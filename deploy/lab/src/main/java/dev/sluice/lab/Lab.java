package dev.sluice.lab;

import dev.sluice.lab.fabric.AnnounceHook;
import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.process.Command;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.process.ProcessTable;
import dev.sluice.lab.traffic.ClientHost;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster that stands on this machine: hosts are network namespaces, roles are processes in them.
 * It outlives the process that brought it up ({@link LabStart}) and ends with {@link LabCleanup}.
 */
public final class Lab {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final LabDirectory directory;
    private final Topology topology;
    private final Fabric fabric;
    private final NodeProcesses processes;

    Lab(LabDirectory directory, Topology topology, NodeProcesses processes) {
        this.directory = directory;
        this.topology = topology;
        this.fabric = new Fabric(directory, topology);
        this.processes = processes;
    }

    /**
     * The lab of that name.
     *
     * @throws LabException if none is up
     */
    public static Lab find(LabDirectory directory) throws IOException, LabException {
        LabRecord record =
                LabRecord.read(directory)
                        .filter(LabRecord::ready)
                        .orElseThrow(() ->
                                LabException.refused("No lab is up: start one with 'sluice up'."));
        return new Lab(
                directory, record.topology(), NodeProcesses.of(directory, record.topology()));
    }

    public LabDirectory directory() {
        return directory;
    }

    public Topology topology() {
        return topology;
    }

    /**
     * @throws LabException if there is no such node
     */
    public Node node(String name) throws LabException {
        return topology.find(name)
                .orElseThrow(() ->
                        LabException.refused(
                                "The lab has no node '"
                                        + name
                                        + "'. It has: "
                                        + String.join(", ", names())
                                        + "."));
    }

    private List<String> names() {
        return topology.nodes().stream().map(Node::name).toList();
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

    /**
     * Runs one of this program's commands on a node, and answers what it said.
     *
     * @throws IOException with that if it fails
     */
    public String run(Node node, List<String> arguments) throws IOException {
        return Command.require(processes.lineOn(node, arguments).toArray(String[]::new));
    }

    /** Kills the node's process on the spot: no goodbye, no cleaning up. */
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

    /** The node's host fails: its link goes down and its process dies. */
    public void killHost(Node node) throws IOException, LabException {
        requireLink(node);
        fabric.linkDown(node);
        if (isAlive(node)) {
            killProcess(node);
        }
    }

    /**
     * Stops the node's process as a debugger would: it holds its sockets, sessions and links, and
     * does nothing.
     */
    public void pause(Node node) throws IOException, LabException {
        ProcessId process = running(node);
        if (process.isPaused()) {
            throw LabException.refused(node + " is paused already.");
        }
        process.pause();
    }

    /** Undoes {@link #pause}. */
    public void resume(Node node) throws IOException, LabException {
        ProcessId process = running(node);
        if (!process.isPaused()) {
            throw LabException.refused(node + " is not paused.");
        }
        process.resume();
    }

    /** Takes the node's link down; its processes live on. */
    public void cut(Node node) throws IOException, LabException {
        requireLink(node);
        fabric.linkDown(node);
    }

    /** Undoes {@link #cut}. */
    public void heal(Node node) throws IOException, LabException {
        requireLink(node);
        fabric.linkUp(node);
        AnnounceHook.repeat(directory, node);
    }

    private static void requireLink(Node node) throws LabException {
        if (node.role() == Role.ROUTER) {
            throw LabException.refused(
                    "The router has no link of its own to lose: name another node.");
        }
    }

    /** Brings back what {@link #killProcess} or {@link #killHost} ended. */
    public void start(Node node) throws IOException, LabException {
        if (isAlive(node)) {
            throw LabException.refused(node + " is running already.");
        }
        if (node.role() != Role.ROUTER) {
            fabric.linkUp(node);
        }
        processes.start(node);
    }

    public boolean isAlive(Node node) throws IOException {
        return processes.table().isAlive(node.name());
    }

    /** A way to open connections as the lab's clients do. */
    public ClientHost clients() {
        return new ClientHost(fabric.namespace(topology.client()));
    }

    /** Asks the ZooKeeper servers who leads them. */
    public Ensemble ensemble() {
        return new Ensemble(fabric, topology);
    }

    /** What the XDP programs of its hosts counted. */
    public HostCounters counters() {
        return new HostCounters(directory, topology);
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
