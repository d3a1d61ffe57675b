package dev.sluice.lab.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One process for all time: the kernel uses a pid again, but not with the same start.
 *
 * @param startTicks clock ticks since boot
 */
public record ProcessId(long pid, long startTicks) {
    private static final int START_TIME_AFTER_NAME = 19;

    /** Empty if there is none with that pid. */
    public static Optional<ProcessId> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may itself hold spaces and parentheses.
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            if (fields.getFirst().equals("Z")) {
                return Optional.empty();
            }
            long start = Long.parseLong(fields.get(START_TIME_AFTER_NAME));
            return Optional.of(new ProcessId(pid, start));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static ProcessId parse(String text) {
        int space = text.indexOf(' ');
        return new ProcessId(
                Long.parseLong(text.substring(0, space)),
                Long.parseLong(text.substring(space + 1).strip()));
    }

    public boolean isAlive() {
        return of(pid).equals(Optional.of(this));
    }

    /** Asks it to end. */
    public void terminate() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** Ends it. */
    public void kill() {
        handle().ifPresent(ProcessHandle::destroyForcibly);
    }

    private Optional<ProcessHandle> handle() {
        return isAlive() ? ProcessHandle.of(pid) : Optional.empty();
    }

    @Override
    public String toString() {
        return pid + " " + startTicks;
    }
}
