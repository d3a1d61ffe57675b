package dev.sluice.lab;

import dev.sluice.lab.fabric.Impairments;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.lab.process.ProcessTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which process each node runs, and how it is started again. */
final class NodeProcesses {
    private final LabDirectory directory;
    private final JavaCommand java;
    private final Topology topology;
    private final ProcessTable table;

    private NodeProcesses(LabDirectory directory, Topology topology, JavaCommand java) {
        this.directory = directory;
        this.topology = topology;
        this.java = java;
        this.table = new ProcessTable(directory.processes());
    }

    /** On the lab's own copy of the program. */
    static NodeProcesses of(LabDirectory directory, Topology topology) throws IOException {
        return new NodeProcesses(directory, topology, LabProgram.read(directory));
    }

    ProcessTable table() {
        return table;
    }

    /** Does nothing for a node that only has a network. */
    void start(Node node) throws IOException {
        List<String> arguments = arguments(node);
        if (!arguments.isEmpty()) {
            start(node.name(), node, arguments);
        }
        if (node.role() == Role.DIRECTOR && !table.isAlive(watchdog(node))) {
            start(watchdog(node), node, line("director", "watchdog", node));
        }
    }

    private void start(String name, Node node, List<String> arguments) throws IOException {
        Files.createDirectories(directory.logs());
        table.start(
                name,
                directory.namespaceFile(node),
                directory.logs().resolve(name + ".log"),
                Stream.concat(
                                Clocks.prefix(directory, node).stream(),
                                java.line(arguments).stream())
                        .toList());
    }

    /** Lets what waits for the node in the router's queue pass after a while. */
    void startDelay(Node node, Duration delay, Node router) throws IOException {
        start(
                delay(node),
                router,
                List.of(
                        "lab",
                        "delay",
                        "--queue",
                        Integer.toString(Impairments.queueOf(node)),
                        "--millis",
                        Long.toString(delay.toMillis())));
    }

    void endDelay(Node node) throws IOException {
        table.find(delay(node)).ifPresent(process -> ProcessTable.end(List.of(process)));
    }

    private static String delay(Node node) {
        return node.name() + "-delay";
    }

    /** Outlives the director's process, and is not the one that dies with it. */
    static String watchdog(Node director) {
        return director.name() + "-watchdog";
    }

    private List<String> line(String role, String command, Node node) {
        return List.of(role, command, "--config", directory.config(node).toString());
    }

    /** How to run one of this program's commands in the node's namespace. */
    List<String> lineOn(Node node, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("nsenter", "--net=" + directory.namespaceFile(node), "--"));
        line.addAll(java.line(arguments));
        return line;
    }

    private List<String> control(Node node) {
        List<String> run = line("control", "run", node);
        return topology.embedsZooKeeper()
                ? Stream.concat(run.stream(), Stream.of("--embedded-zookeeper")).toList()
                : run;
    }

    private List<String> router() {
        return Stream.concat(
                        Stream.of(
                                "lab",
                                "watch-next-hops",
                                "--hook",
                                directory.announceHook().toString()),
                        topology.nodes(Role.DIRECTOR).stream()
                                .flatMap(d -> Stream.of("--next-hop", d + "=" + d.address())))
                .toList();
    }

    private List<String> arguments(Node node) {
        return switch (node.role()) {
            case CLIENT -> List.of();
            case ROUTER -> router();
            case ZOOKEEPER -> line("zookeeper", "run", node);
            case CONTROL -> control(node);
            case DIRECTOR -> line("director", "run", node);
            case PROXY -> line("proxy", "run", node);
            case UPSTREAM ->
                    List.of(
                            "lab",
                            "upstream",
                            "--name",
                            node.name(),
                            "--listen",
                            node.address() + ":" + Topology.UPSTREAM_PORT,
                            "--deliveries",
                            deliveries(directory, node).toString());
        };
    }

    /** Where an upstream server writes down what it was asked. */
    static Path deliveries(LabDirectory directory, Node upstream) {
        return directory.state(upstream).resolve("deliveries");
    }
}
