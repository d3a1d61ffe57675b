package dev.sluice.cluster.node;

import dev.sluice.cluster.config.Bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** Configurations as they lie on disk: a file, or a folder of them. */
public final class ConfigText {
    private static final String SUFFIX = ".yaml";

    private ConfigText() {}

    /**
     * The text of a file, or of all {@code *.yaml} of a folder, by name: see {@link Bundle}.
     *
     * @throws IOException also if a folder has none
     */
    public static String read(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return Files.readString(source);
        }
        SequencedMap<String, String> files = new LinkedHashMap<>();
        for (Path file : yamlIn(source)) {
            files.put(file.getFileName().toString(), Files.readString(file));
        }
        if (files.isEmpty()) {
            throw new IOException("has no *" + SUFFIX);
        }
        return Bundle.join(files);
    }

    private static List<Path> yamlIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }
}
