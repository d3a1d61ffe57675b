package dev.sluice.cluster.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a folder as one text: each behind a line {@code --- # file: NAME}. A text without
 * such a line is one file.
 */
public final class Bundle {
    private static final Pattern MARK = Pattern.compile("(?m)^--- # file: (.+)\\R");

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
            file = origin + "/" + mark.group(1);
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
     * The text that they are together.
     *
     * @param files text by name, in their order
     */
    public static String join(SequencedMap<String, String> files) {
        StringBuilder text = new StringBuilder();
        files.forEach((name, content) -> {
            text.append("--- # file: ").append(name).append('\n').append(content);
            text.append(content.endsWith("\n") ? "" : "\n");
        });
        return text.toString();
    }
}
