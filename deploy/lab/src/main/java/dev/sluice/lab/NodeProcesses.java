package dev.sluice.lab;

import dev.sluice.lab.process.JavaCommand;
import dev.sluice.lab.process.ProcessTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which process each node runs, and how it is started again. */
final class NodeProcesses {
    private final LabDirectory directory;
    private final JavaCommand java;
    private final ProcessTable table;

    private NodeProcesses(LabDirectory directory, JavaCommand java) {
        this.directory = directory;
        this.java = java;
        this.table = new ProcessTable(directory.processes());
    }

    /** On the lab's own copy of the program. */
    static NodeProcesses of(LabDirectory directory) throws IOException {
        return new NodeProcesses(directory, LabProgram.read(directory));
    }

    ProcessTable table() {
        return table;
    }

    /** Does nothing for a node that only has a network. */
    void start(Node node) throws IOException {
        List<String> arguments = arguments(node);
        if (!arguments.isEmpty()) {
            Files.createDirectories(directory.logs());
            table.start(
                    node.name(),
                    directory.namespaceFile(node),
                    directory.log(node),
                    java.line(arguments));
        }
    }

    private List<String> arguments(Node node) {
        Path config = directory.config(node);
        return switch (node.role()) {
            case ROUTER, CLIENT -> List.of();
            case CONTROL ->
                    List.of(
                            "control",
                            "run",
                            "--config",
                            config.toString(),
                            "--embedded-zookeeper");
            case DIRECTOR -> List.of("director", "run", "--config", config.toString());
            case PROXY -> List.of("proxy", "run", "--config", config.toString());
            case UPSTREAM ->
                    List.of(
                            "lab",
                            "upstream",
                            "--name",
                            node.name(),
                            "--listen",
                            node.address() + ":" + Topology.UPSTREAM_PORT);
        };
    }
}
