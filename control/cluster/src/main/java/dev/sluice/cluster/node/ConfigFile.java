package dev.sluice.cluster.node;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.config.Yaml;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A process's own YAML file, read once at its start. */
public final class ConfigFile {
    private ConfigFile() {}

    /** Everything that is wrong with a file, one problem a line. */
    public static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }

        /**
         * @param problems at least one
         */
        public RefusedException(List<Problem> problems) {
            super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    /**
     * Reads a file, or the {@code *.yaml} of a folder as one, as a record.
     *
     * @throws RefusedException with all its problems; the message is for the operator as it is
     */
    public static <T> T read(Path file, Function<Section, T> reader) throws RefusedException {
        return switch (Yaml.parse(file.toString(), text(file), reader)) {
            case Parsed.Valid<T>(T value) -> value;
            case Parsed.Invalid<T> invalid -> throw new RefusedException(invalid.problems());
        };
    }

    private static String text(Path file) throws RefusedException {
        try {
            return ConfigText.read(file);
        } catch (NoSuchFileException e) {
            throw new RefusedException(file + ": no such file");
        } catch (IOException e) {
            throw new RefusedException(file + ": cannot be read: " + e.getMessage());
        }
    }
}
