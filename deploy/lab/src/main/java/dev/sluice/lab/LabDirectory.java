package dev.sluice.lab;

import java.nio.file.Path;

/**
 * Where a lab keeps what. Several labs can stand side by side: every one has its own namespaces,
 * folders and sockets, and none of them touches the host's network.
 *
 * @param name {@code lab} unless someone asked for another
 */
public record LabDirectory(String name) {
    public static final String DEFAULT = "lab";
    private static final Path RUN = Path.of("/run/sluice");
    private static final Path PINS = Path.of("/sys/fs/bpf/sluice");
    private static final Path NAMESPACES = Path.of("/run/netns");

    public LabDirectory {
        if (!name.matches("[a-z][a-z0-9]{0,15}")) {
            throw new IllegalArgumentException(
                    "a lab's name is 1 to 16 of a-z and 0-9 and begins with a letter, not '"
                            + name
                            + "'");
        }
    }

    /** Root-only. */
    public Path root() {
        return RUN.resolve(name);
    }

    /** Says that a lab is there, and which. */
    public Path record() {
        return root().resolve("lab.properties");
    }

    /** A copy of the program, so that a new build cannot pull it from under a running lab. */
    public Path program() {
        return root().resolve("program");
    }

    public Path logs() {
        return root().resolve("logs");
    }

    public Path log(Node node) {
        return logs().resolve(node.name() + ".log");
    }

    public Path config(Node node) {
        String format = node.role() == Role.ZOOKEEPER ? ".cfg" : ".yaml";
        return root().resolve("config").resolve(node.name() + format);
    }

    /** The L7 configuration that a new lab serves. */
    public Path l7File() {
        return root().resolve("config").resolve("l7.yaml");
    }

    /** A node's own disk. */
    public Path state(Node node) {
        return root().resolve("state").resolve(node.name());
    }

    /** By how much a node's process sees another time; there is one if its clock can be moved. */
    public Path clock(Node node) {
        return root().resolve("clocks").resolve(node.name());
    }

    public Path processes() {
        return root().resolve("processes");
    }

    public Path announceHook() {
        return root().resolve("announce");
    }

    /** One empty file per announcing director. */
    public Path announced() {
        return root().resolve("announced");
    }

    /** Where the admin sockets are; those of the default lab are found by the command line. */
    public Path sockets() {
        return root();
    }

    public Path socket(Node control) {
        return sockets().resolve(control.name() + ".sock");
    }

    public Path pins() {
        return PINS.resolve(name);
    }

    public Path pins(Node node) {
        return pins().resolve(node.name());
    }

    public String namespacePrefix() {
        return "sluice-" + name + "-";
    }

    public String namespace(Node node) {
        return namespacePrefix() + node.name();
    }

    public Path namespaceFile(Node node) {
        return NAMESPACES.resolve(namespace(node));
    }

    public static Path namespaces() {
        return NAMESPACES;
    }
}
