package dev.sluice.cluster.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a folder as one text: each behind a line {@code --- # file: NAME}. A text without
 * such a line is one file.
 */
public final class Bundle {
    private static final String SUFFIX = ".yaml";
    private static final Pattern MARK = Pattern.compile("(?m)^--- # file: (\\S+)\\R");

    private Bundle() {}

    /** One file of it, named by where all come from and its own name. */
    record Part(String file, String text) {
        /** Whether there is more in it than comments. */
        boolean isFilled() {
            return text.lines()
                    .map(String::strip)
                    .anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
        }
    }

    /**
     * In the order of the text.
     *
     * @param origin where the text comes from: a file, or the folder
     */
    static List<Part> parts(String origin, String text) {
        List<Part> parts = new ArrayList<>();
        Matcher mark = MARK.matcher(text);
        String file = origin;
        int begin = 0;
        while (mark.find()) {
            add(parts, file, text.substring(begin, mark.start()));
            file = Path.of(origin).resolve(mark.group(1)).toString();
            begin = mark.end();
        }
        if (begin == 0) {
            return List.of(new Part(origin, text));
        }
        add(parts, file, text.substring(begin));
        return List.copyOf(parts);
    }

    /** What comes before the first mark is hardly ever more than nothing. */
    private static void add(List<Part> parts, String file, String text) {
        if (!text.isBlank()) {
            parts.add(new Part(file, text));
        }
    }

    /**
     * The text of a file, or of all {@code *.yaml} of a folder, by name.
     *
     * @throws IOException also if a folder has none
     */
    public static String read(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return Files.readString(source);
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(source)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
        if (files.isEmpty()) {
            throw new IOException("has no *" + SUFFIX);
        }
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            String content = Files.readString(file);
            text.append("--- # file: ").append(file.getFileName()).append('\n').append(content);
            text.append(content.endsWith("\n") ? "" : "\n");
        }
        return text.toString();
    }
}
