package dev.sluice.datapath.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The BPF file system, where kernel objects get names that outlive processes. Mounted on {@value
 * #ROOT} if it is not.
 */
public final class BpfFs {
    public static final String ROOT = "/sys/fs/bpf";

    private BpfFs() {}

    /** Makes a folder for pins, and the mount below it. */
    public static void createDirectory(Path directory) {
        if (!directory.startsWith(ROOT)) {
            throw new IllegalArgumentException(
                    "pins live below " + ROOT + ", and " + directory + " does not");
        }
        try {
            if (!isMounted()) {
                Libc.mount("bpf", ROOT);
            }
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the pin directory " + directory, e);
        }
    }

    public static boolean isMounted() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(l -> List.of(l.split(" ", 4)))
                    .anyMatch(m -> m.get(1).equals(ROOT) && m.get(2).equals("bpf"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the mounts", e);
        }
    }

    /** Removes all pins in a folder, and the folder. What nothing else holds is gone then. */
    public static void removeDirectory(Path directory) {
        if (Files.isDirectory(directory)) {
            clear(directory);
            remove(directory);
        }
    }

    /** Removes all pins in a folder. */
    public static void clear(Path directory) {
        clear(directory, _ -> true);
    }

    /** Removes some pins in a folder. */
    public static void clear(Path directory, Predicate<Path> wanted) {
        try (Stream<Path> pins = Files.list(directory)) {
            pins.filter(wanted).toList().forEach(BpfFs::remove);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the pins in " + directory, e);
        }
    }

    /** In one step; replaces what has the other name. */
    public static void rename(Path pin, Path other) {
        try {
            Files.move(pin, other, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot rename the pin " + pin + " to " + other, e);
        }
    }

    /** Removes one pin, or an empty folder. */
    public static void remove(Path pin) {
        try {
            Files.delete(pin);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the pin " + pin, e);
        }
    }

    static void pin(int fd, Path path) {
        try (Arena arena = Arena.ofConfined()) {
            Errno.check(Libbpf.PIN.call(fd, arena.allocateFrom(path.toString())), "pin " + path);
        }
    }

    static Fd open(Path pin) {
        Native.library(Libbpf.SONAME);
        try (Arena arena = Arena.ofConfined()) {
            int fd = Libbpf.OPEN_PINNED.call(arena.allocateFrom(pin.toString()));
            return new Fd(Errno.check(fd, "open the pin " + pin));
        }
    }
}
