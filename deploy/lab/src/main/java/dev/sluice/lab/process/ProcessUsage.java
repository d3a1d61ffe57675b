package dev.sluice.lab.process;

import dev.sluice.lab.Cluster.Usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What a process holds of the machine, as the kernel tells. */
public final class ProcessUsage {
    private ProcessUsage() {}

    /** Empty if it does not live. */
    public static Optional<Usage> of(ProcessId process) throws IOException {
        if (!process.isAlive()) {
            return Optional.empty();
        }
        Path folder = Path.of("/proc", Long.toString(process.pid()));
        try (Stream<Path> entries = Files.list(folder.resolve("fd"))) {
            String status = Files.readString(folder.resolve("status"));
            var files = entries.map(ProcessUsage::target).toList();
            return Optional.of(
                    new Usage(
                            number(status, "VmRSS:"),
                            files.size(),
                            files.stream().filter(file -> file.startsWith("socket:")).count(),
                            number(status, "Threads:")));
        } catch (IOException e) {
            if (!process.isAlive()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Empty for one that has just been closed. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    static long number(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
