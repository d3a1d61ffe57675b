package dev.sluice.lab;

import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** What a lab needs of the machine, in the order in which it makes sense to ask. */
public final class Requirements {
    private static final Path BPF_FILE_SYSTEM = Path.of("/sys/fs/bpf");

    /** The programs that a lab runs, and the Debian package that has each. */
    private static final SequencedMap<String, String> PACKAGES = packages();

    private static SequencedMap<String, String> packages() {
        SequencedMap<String, String> packages = new LinkedHashMap<>();
        packages.put("ip", "iproute2");
        packages.put("nsenter", "util-linux");
        packages.put("setsid", "util-linux");
        packages.put("flock", "util-linux");
        packages.put("mount", "mount");
        return packages;
    }

    private Requirements() {}

    /** What a machine can do, each asked only where the answer matters. */
    interface Machine {
        boolean isRoot() throws IOException;

        boolean has(String program);

        boolean hasLibbpf();

        boolean mayMakeNamespaces() throws IOException;

        /** Mounts it if it can. */
        boolean hasBpfFileSystem() throws IOException;
    }

    /** What is missing and what to do about it, in plain words; empty if a lab can run. */
    public static List<String> missing() throws IOException {
        return missing(new ThisMachine());
    }

    static List<String> missing(Machine machine) throws IOException {
        if (!machine.isRoot()) {
            return List.of(
                    "The lab makes network namespaces and loads XDP programs, which only root may:"
                            + " run it with sudo, or in a privileged container.");
        }
        List<String> missing = new ArrayList<>();
        PACKAGES.forEach((program, debianPackage) -> {
            if (!machine.has(program)) {
                missing.add(
                        "'%s' is not on PATH: apt-get install --no-install-recommends %s"
                                .formatted(program, debianPackage));
            }
        });
        if (!machine.hasLibbpf()) {
            missing.add(
                    "libbpf.so.1 is not installed: apt-get install --no-install-recommends"
                            + " libbpf1");
        }
        if (missing.isEmpty() && !machine.mayMakeNamespaces()) {
            missing.add(
                    "This root may not make network namespaces (CAP_SYS_ADMIN is missing): in a"
                            + " container, start it with --privileged.");
        }
        if (!machine.hasBpfFileSystem()) {
            missing.add(
                    "No BPF file system on "
                            + BPF_FILE_SYSTEM
                            + " and none can be mounted: the kernel lacks BPF, or, in a container,"
                            + " start it with --privileged.");
        }
        return missing;
    }

    private static final class ThisMachine implements Machine {
        @Override
        public boolean isRoot() throws IOException {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        }

        @Override
        public boolean has(String program) {
            return Command.isOnPath(program);
        }

        @Override
        @SuppressWarnings("restricted")
        public boolean hasLibbpf() {
            try (Arena arena = Arena.ofConfined()) {
                SymbolLookup.libraryLookup("libbpf.so.1", arena);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        @Override
        public boolean mayMakeNamespaces() throws IOException {
            String name = "sluice-probe-" + ProcessHandle.current().pid();
            boolean added = Command.run("ip", "netns", "add", name).exitCode() == 0;
            if (added) {
                Command.run("ip", "netns", "delete", name);
            }
            return added;
        }

        @Override
        public boolean hasBpfFileSystem() throws IOException {
            return isMounted() || mount().exitCode() == 0;
        }

        private static boolean isMounted() throws IOException {
            return Files.readAllLines(Path.of("/proc/mounts")).stream()
                    .anyMatch(line -> line.contains(" " + BPF_FILE_SYSTEM + " bpf "));
        }

        private static Command.Result mount() throws IOException {
            return Command.run("mount", "-t", "bpf", "bpf", BPF_FILE_SYSTEM.toString());
        }
    }
}
