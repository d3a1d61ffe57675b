package dev.sluice.lab;

import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The nodes' disks: a small file system in memory for each, so that one can be full. Stateless. */
final class Disks {
    private static final String SIZE = "64m";
    private static final String FILLER = "filler";
    private static final int BLOCK = 4096;

    private Disks() {}

    static void mount(LabDirectory directory, Topology topology) throws IOException {
        for (Node node : topology.hosts()) {
            Path state = Files.createDirectories(directory.state(node));
            Command.require("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", "" + state);
        }
    }

    /** Those of that lab, whoever mounted them. */
    static boolean unmountAll(LabDirectory directory) throws IOException {
        List<String> mounted =
                Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                        .map(line -> line.split(" ", -1)[1])
                        .filter(place -> place.startsWith(directory.root() + "/"))
                        .toList();
        for (String place : mounted) {
            Command.require("umount", "--lazy", place);
        }
        return !mounted.isEmpty();
    }

    /**
     * @throws LabException if it is full already
     */
    static void fill(LabDirectory directory, Node node) throws IOException, LabException {
        Path filler = filler(directory, node);
        if (Files.exists(filler)) {
            throw LabException.refused("The disk of " + node + " is full already.");
        }
        // Some room may be left that a large block does not fit in.
        append(filler, 256 * BLOCK);
        append(filler, 1);
    }

    /** Until no further block finds room. */
    private static void append(Path file, int block) throws IOException {
        try (OutputStream out =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] zeros = new byte[block];
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /**
     * @throws LabException if it is not full
     */
    static void free(LabDirectory directory, Node node) throws IOException, LabException {
        if (!restore(directory, node)) {
            throw LabException.refused("The disk of " + node + " is not full.");
        }
    }

    /** False if it was not full. */
    static boolean restore(LabDirectory directory, Node node) throws IOException {
        return Files.deleteIfExists(filler(directory, node));
    }

    private static Path filler(LabDirectory directory, Node node) {
        return directory.state(node).resolve(FILLER);
    }
}
