package dev.sluice.cluster.node;

import dev.sluice.cluster.config.Section;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/** A command on a node's own host, which begins with the node's file. */
public final class RoleCommand {
    private RoleCommand() {}

    /** What the command does. */
    @FunctionalInterface
    public interface Action<T> {
        /**
         * @param config what the file says
         * @return the exit code
         * @throws IOException the command failed; its message is for the operator
         * @throws ConfigFile.RefusedException what the file says cannot be had on this host
         */
        int carryOut(T config)
                throws IOException, InterruptedException, ConfigFile.RefusedException;
    }

    /**
     * Reads the file and does what the command does; what goes wrong is told on standard error.
     *
     * @param failure what an {@link IOException} means here, e.g. "director cannot start"
     * @return the action's exit code, 1 if it failed, 2 for a bad file
     */
    public static <T> int run(
            Path file, Function<Section, T> reader, String failure, Action<T> action)
            throws InterruptedException {
        try {
            return action.carryOut(ConfigFile.read(file, reader));
        } catch (ConfigFile.RefusedException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println(file + ": " + failure + ": " + e.getMessage());
            return 1;
        }
    }
}
