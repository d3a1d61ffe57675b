package dev.sluice.lab;

import dev.sluice.lab.process.JavaCommand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The lab's own copy of the program: a new build cannot pull it from under running nodes. */
final class LabProgram {
    private LabProgram() {}

    static void copy(LabDirectory directory, JavaCommand java) throws IOException {
        Path folder = Files.createDirectories(directory.program());
        List<Path> entries = new ArrayList<>();
        for (Path entry : java.classPath()) {
            if (Files.exists(entry)) {
                // A number in front: two folders may both be called 'classes'.
                Path copy = folder.resolve(entries.size() + "-" + entry.getFileName());
                copyTree(entry, copy);
                entries.add(copy);
            }
        }
        JavaCommand copied = java.withClassPath(entries);
        Files.write(
                description(directory),
                List.of(
                        copied.java().toString(),
                        String.join(":", entries.stream().map(Path::toString).toList()),
                        copied.mainClass()));
    }

    static JavaCommand read(LabDirectory directory) throws IOException {
        List<String> lines = Files.readAllLines(description(directory));
        List<Path> entries = Stream.of(lines.get(1).split(":")).map(Path::of).toList();
        return new JavaCommand(Path.of(lines.get(0)), entries, lines.get(2));
    }

    private static Path description(LabDirectory directory) {
        return directory.program().resolve("command");
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
