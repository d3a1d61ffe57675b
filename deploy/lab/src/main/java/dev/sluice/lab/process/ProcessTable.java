package dev.sluice.lab.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Processes that outlive the launcher: each has a session of its own, a log file, and a record by
 * which a later launcher finds it again. Not thread-safe; one launcher at a time changes a lab.
 */
public final class ProcessTable {
    private static final Duration TERMINATION = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path folder;

    /** Those that this launcher started. */
    private final Map<String, Process> children = new HashMap<>();

    public ProcessTable(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts {@code command} in a network namespace; what it says goes to the end of {@code log}.
     */
    public ProcessId start(String name, Path namespace, Path log, List<String> command)
            throws IOException {
        List<String> enter = List.of("setsid", "nsenter", "--net=" + namespace, "--");
        Process process =
                new ProcessBuilder(Stream.concat(enter.stream(), command.stream()).toList())
                        .directory(Path.of("/").toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        // setsid and nsenter exec, so that the pid is that of the command.
        ProcessId id =
                ProcessId.of(process.pid())
                        .orElseThrow(() -> new IOException(name + " ended at once, see " + log));
        children.put(name, process);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name), id.toString());
        return id;
    }

    /** The process last started under that name, dead or alive. */
    public Optional<ProcessId> find(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file)
                ? Optional.of(ProcessId.parse(Files.readString(file)))
                : Optional.empty();
    }

    public boolean isAlive(String name) throws IOException {
        return find(name).filter(ProcessId::isAlive).isPresent();
    }

    /** In words, how a process ended that this launcher started. */
    public String ending(String name) {
        Process process = children.get(name);
        return process == null || !hasStatus(process)
                ? "ended"
                : "ended with " + process.exitValue();
    }

    /** Which comes a moment after the process has gone. */
    private static boolean hasStatus(Process process) {
        try {
            return process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Every process recorded here that is still alive. */
    public List<ProcessId> alive() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();
            return names.stream().flatMap(this::aliveNamed).toList();
        }
    }

    private Stream<ProcessId> aliveNamed(String name) {
        try {
            return find(name).filter(ProcessId::isAlive).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Asks all of them to end, and ends those that have not after a while. */
    public static void end(Collection<ProcessId> processes) {
        processes.forEach(ProcessId::terminate);
        processes.forEach(ProcessTable::wake);
        if (!awaitEnd(processes, TERMINATION)) {
            processes.forEach(ProcessId::kill);
            awaitEnd(processes, TERMINATION);
        }
    }

    /** A paused process would only end once it goes on. */
    private static void wake(ProcessId process) {
        try {
            process.resume();
        } catch (IOException e) {
            // It has just ended.
        }
    }

    /** False if some still live after {@code limit}. */
    public static boolean awaitEnd(Collection<ProcessId> processes, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (processes.stream().anyMatch(ProcessId::isAlive)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    /** The processes that live in one of those namespaces, whoever started them. */
    public static List<ProcessId> inNamespaces(Collection<Path> namespaces) throws IOException {
        List<Object> wanted =
                namespaces.stream().map(ProcessTable::identity).flatMap(Optional::stream).toList();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(entry -> entry.chars().allMatch(Character::isDigit))
                    .filter(pid ->
                            identity(Path.of("/proc", pid, "ns", "net"))
                                    .filter(wanted::contains)
                                    .isPresent())
                    .flatMap(pid -> ProcessId.of(Long.parseLong(pid)).stream())
                    .toList();
        }
    }

    /** Device and inode: two files of one namespace agree on it. */
    private static Optional<Object> identity(Path file) {
        try {
            return Optional.of(
                    List.of(
                            Files.getAttribute(file, "unix:dev"),
                            Files.getAttribute(file, "unix:ino")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
