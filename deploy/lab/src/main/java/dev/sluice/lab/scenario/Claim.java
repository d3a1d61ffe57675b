package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.process.ProcessId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who plays in a lab, so that two do not hurt it at once and what a killed player left is undone.
 *
 * @param made the player made the lab for itself: with the player it is nobody's
 */
public record Claim(ProcessId player, boolean made) {

    private static Path file(LabDirectory directory) {
        return directory.root().resolve("player");
    }

    /** This process plays there from now on. */
    public static void take(LabDirectory directory, boolean made) throws IOException {
        ProcessId self = ProcessId.of(ProcessHandle.current().pid()).orElseThrow();
        Files.writeString(file(directory), (made ? "made " : "found ") + self);
    }

    public static void release(LabDirectory directory) throws IOException {
        Files.deleteIfExists(file(directory));
    }

    /**
     * The claim of a player that ended without releasing it; empty if there is none.
     *
     * @throws LabException if somebody plays there now
     */
    public static Optional<Claim> stale(LabDirectory directory) throws IOException, LabException {
        if (!Files.exists(file(directory))) {
            return Optional.empty();
        }
        String[] words = Files.readString(file(directory)).split(" ", 2);
        Claim claim = new Claim(ProcessId.parse(words[1]), words[0].equals("made"));
        if (claim.player().isAlive()) {
            throw LabException.refused(
                    "Process %d plays in this lab: wait for it, or interrupt it, or name another lab with --lab."
                            .formatted(claim.player().pid()));
        }
        return Optional.of(claim);
    }

    /** Undoes every fault that a killed player may have left, one node after the other. */
    public static void healAll(Lab lab) throws IOException, LabException {
        for (Node node : lab.topology().hosts()) {
            Optional<ProcessId> process = lab.process(node);
            if (process.filter(ProcessId::isPaused).isPresent()) {
                lab.resume(node);
            }
            lab.heal(node);
            lab.restoreDisk(node);
            if (process.isPresent() && !lab.isAlive(node)) {
                lab.start(node);
            }
            lab.restoreClock(node);
        }
    }
}
