package dev.sluice.lab;

import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.process.ProcessTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes all that a lab has or that a crash left of one: processes, pins, namespaces, files. Finds
 * them by the lab's name, not by its record, and may be repeated.
 */
public final class LabCleanup {
    private final LabDirectory directory;
    private final Progress progress;

    public LabCleanup(LabDirectory directory, Progress progress) {
        this.directory = directory;
        this.progress = progress;
    }

    /**
     * False if there was nothing. An interrupt does not stop it.
     *
     * @throws LabException if another launcher is at it
     */
    public boolean run() throws IOException, LabException {
        LabRecord record = LabRecord.read(directory).orElse(null);
        if (record != null && !record.ready() && record.launcherIsAlive() && !isOurs(record)) {
            throw LabException.refused(
                    "A launcher (process "
                            + record.launcher().orElseThrow().pid()
                            + ") is bringing the lab up: interrupt that one, or wait for it.");
        }
        boolean interrupted = Thread.interrupted();
        try {
            return clean();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isOurs(LabRecord record) {
        return record.launcher().orElseThrow().pid() == ProcessHandle.current().pid();
    }

    private boolean clean() throws IOException {
        boolean found = endProcesses();
        found |= deleteTree(directory.pins());
        found |= removeNamespaces();
        found |= Disks.unmountAll(directory);
        found |= deleteTree(directory.root());
        return found;
    }

    private boolean endProcesses() throws IOException {
        Set<ProcessId> processes = new HashSet<>(new ProcessTable(directory.processes()).alive());
        List<Path> namespaces =
                Fabric.namespaces(directory).stream()
                        .map(name -> LabDirectory.namespaces().resolve(name))
                        .toList();
        processes.addAll(ProcessTable.inNamespaces(namespaces));
        if (!processes.isEmpty()) {
            progress.step("ending " + processes.size() + " processes");
            ProcessTable.end(processes);
        }
        return !processes.isEmpty();
    }

    private boolean removeNamespaces() throws IOException {
        int count = Fabric.namespaces(directory).size();
        if (count > 0) {
            progress.step("removing " + count + " network namespaces");
            Fabric.destroy(directory);
        }
        return count > 0;
    }

    private static boolean deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        return true;
    }
}
