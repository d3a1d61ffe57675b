package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A terminal of some size, whose text is drawn anew again and again. Pure.
 *
 * @param columns at least one
 * @param rows at least one
 */
record Screen(int columns, int rows) {
    static final Screen USUAL = new Screen(80, 24);

    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    Screen {
        if (columns < 1 || rows < 1) {
            throw new IllegalArgumentException("a screen of " + columns + " x " + rows);
        }
    }

    /**
     * What shows the text over whatever was drawn before: never wider or higher than the screen,
     * which would scroll. Nothing is cleared before it is overwritten, so that nothing flickers.
     */
    String draw(String text) {
        return fit(text).stream()
                .map(line -> line + REST_OF_LINE)
                .collect(Collectors.joining("\n", HOME, REST_OF_SCREEN));
    }

    /** Its lines as far as there is room; the last one says what is left out. */
    List<String> fit(String text) {
        List<String> lines = text.lines().map(this::cut).toList();
        if (lines.size() <= rows) {
            return lines;
        }
        int left = lines.size() - rows + 1;
        List<String> shown = new ArrayList<>(lines.subList(0, rows - 1));
        shown.add(cut("... " + Words.count(left, "line") + " more"));
        return shown;
    }

    /** The last column stays free: behind it terminals differ in what they erase. */
    private String cut(String line) {
        return line.length() < columns ? line : line.substring(0, columns - 1);
    }
}
