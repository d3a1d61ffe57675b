package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Wall clocks of single processes, by libfaketime: it reads at every call from a file how far ahead
 * the process is to be. The host's clock is never touched. Stateless.
 */
final class Clocks {
    private static final List<Path> LIBRARIES =
            Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu", "")
                    .map(folder -> Path.of("/usr/lib", folder, "faketime/libfaketimeMT.so.1"))
                    .toList();

    private Clocks() {}

    private static Optional<Path> library() {
        return LIBRARIES.stream().filter(Files::exists).findFirst();
    }

    /** From its next start on, the node's process has a clock that can be moved. */
    static void makeMovable(LabDirectory directory, Node node) throws IOException, LabException {
        if (library().isEmpty()) {
            throw LabException.failed(
                    "libfaketime is not installed, by which the lab moves a clock: apt-get install"
                            + " --no-install-recommends libfaketime");
        }
        Files.createDirectories(directory.clock(node).getParent());
        write(directory.clock(node), Duration.ZERO);
    }

    /**
     * @throws LabException if it cannot be moved
     */
    static void jump(LabDirectory directory, Node node, Duration ahead)
            throws IOException, LabException {
        if (!Files.exists(directory.clock(node))) {
            throw LabException.refused(
                    "The clock of %s cannot be moved: start it again with a movable one first."
                            .formatted(node));
        }
        write(directory.clock(node), ahead);
    }

    static void restore(LabDirectory directory, Node node) throws IOException {
        if (Files.exists(directory.clock(node))) {
            write(directory.clock(node), Duration.ZERO);
        }
    }

    /** At once: a process must not read half a file. */
    private static void write(Path file, Duration ahead) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, String.format(Locale.ROOT, "%+.3f%n", ahead.toMillis() / 1000.0));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What to put in front of the node's command; nothing unless its clock is to be movable. */
    static List<String> prefix(LabDirectory directory, Node node) {
        return library()
                .filter(_ -> Files.exists(directory.clock(node)))
                .map(library ->
                        List.of(
                                "env",
                                "LD_PRELOAD=" + library,
                                "FAKETIME_TIMESTAMP_FILE=" + directory.clock(node),
                                "FAKETIME_CACHE_DURATION=1",
                                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                                // Its remedy for an old glibc makes the JVM's timed waits spin.
                                "FAKETIME_FORCE_MONOTONIC_FIX=0"))
                .orElse(List.of());
    }
}
