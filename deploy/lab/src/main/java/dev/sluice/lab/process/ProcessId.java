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
        return state(pid)
                .filter(fields -> !fields.getFirst().equals("Z"))
                .map(fields ->
                        new ProcessId(pid, Long.parseLong(fields.get(START_TIME_AFTER_NAME))));
    }

    /** What the kernel says of a process, from its state letter on; empty if there is none. */
    private static Optional<List<String>> state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may itself hold spaces and parentheses.
            return Optional.of(List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")));
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

    /** Stops it where it stands, until {@link #resume}. */
    public void pause() throws IOException {
        signal("STOP");
    }

    public void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        if (isAlive()) {
            Command.require("kill", "-" + name, Long.toString(pid));
        }
    }

    public boolean isPaused() {
        return state(pid).filter(fields -> fields.getFirst().equals("T")).isPresent() && isAlive();
    }

    private Optional<ProcessHandle> handle() {
        return isAlive() ? ProcessHandle.of(pid) : Optional.empty();
    }

    @Override
    public String toString() {
        return pid + " " + startTicks;
    }
}
