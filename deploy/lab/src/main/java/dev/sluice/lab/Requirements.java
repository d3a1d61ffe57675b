package dev.sluice.lab;

import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a lab needs of the machine, in the order in which it makes sense to ask. */
public final class Requirements {
    private static final Path BPF_FILE_SYSTEM = Path.of("/sys/fs/bpf");

    private Requirements() {}

    /** What is missing and what to do about it, in plain words; empty if a lab can run. */
    public static List<String> missing() throws IOException {
        if (!isRoot()) {
            return List.of(
                    "The lab makes network namespaces and loads XDP programs, which only root may:"
                            + " run it with sudo, or in a privileged container.");
        }
        List<String> missing = new ArrayList<>();
        missingPrograms().forEach(missing::add);
        if (!hasLibbpf()) {
            missing.add(
                    "libbpf.so.1 is not installed: apt-get install --no-install-recommends"
                            + " libbpf1");
        }
        if (missing.isEmpty() && !mayMakeNamespaces()) {
            missing.add(
                    "This root may not make network namespaces (CAP_SYS_ADMIN is missing): in a"
                            + " container, start it with --privileged.");
        }
        if (!hasBpfFileSystem()) {
            missing.add(
                    "No BPF file system on "
                            + BPF_FILE_SYSTEM
                            + " and none can be mounted: the kernel lacks BPF, or, in a container,"
                            + " start it with --privileged.");
        }
        return missing;
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static List<String> missingPrograms() {
        return Stream.of(
                        missingProgram("ip", "iproute2"),
                        missingProgram("nsenter", "util-linux"),
                        missingProgram("setsid", "util-linux"),
                        missingProgram("flock", "util-linux"),
                        missingProgram("mount", "mount"))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> missingProgram(String program, String debianPackage) {
        return Command.isOnPath(program)
                ? List.of()
                : List.of(
                        "'"
                                + program
                                + "' is not on PATH: apt-get install --no-install-recommends "
                                + debianPackage);
    }

    @SuppressWarnings("restricted")
    private static boolean hasLibbpf() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup("libbpf.so.1", arena);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean mayMakeNamespaces() throws IOException {
        String name = "sluice-probe-" + ProcessHandle.current().pid();
        boolean added = Command.run("ip", "netns", "add", name).exitCode() == 0;
        if (added) {
            Command.run("ip", "netns", "delete", name);
        }
        return added;
    }

    private static boolean hasBpfFileSystem() throws IOException {
        return isMounted()
                || Command.run("mount", "-t", "bpf", "bpf", BPF_FILE_SYSTEM.toString()).exitCode()
                        == 0;
    }

    private static boolean isMounted() throws IOException {
        return Files.readAllLines(Path.of("/proc/mounts")).stream()
                .anyMatch(line -> line.contains(" " + BPF_FILE_SYSTEM + " bpf "));
    }
}
