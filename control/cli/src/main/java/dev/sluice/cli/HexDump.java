package dev.sluice.cli;

import java.util.Locale;

/** Octets sixteen a line, as numbers and as text, one of them marked. */
final class HexDump {
    private static final int PER_LINE = 16;

    private HexDump() {}

    /**
     * @param begin the offset of the first one
     * @param mark index of the one to be marked, or behind the last one; negative for none
     */
    static void append(StringBuilder text, String indent, byte[] octets, int begin, int mark) {
        int lines = (Math.max(octets.length, mark + 1) + PER_LINE - 1) / PER_LINE;
        for (int line = 0; line < lines; line++) {
            int from = line * PER_LINE;
            int to = Math.min(octets.length, from + PER_LINE);
            text.append(indent).append(String.format(Locale.ROOT, "%06x  ", begin + from));
            text.append(numbers(octets, from, to)).append(' ').append(letters(octets, from, to));
            text.append('\n');
            if (mark >= from && mark < from + PER_LINE) {
                text.append(indent).repeat(' ', "000000  ".length() + 3 * (mark - from));
                text.append("^^ byte ").append(begin + mark);
                text.append(mark == octets.length ? ": something is missing here\n" : "\n");
            }
        }
    }

    private static String numbers(byte[] octets, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(String.format(Locale.ROOT, "%02x ", octets[i]));
        }
        return text.repeat(' ', 3 * PER_LINE - text.length()).toString();
    }

    private static String letters(byte[] octets, int from, int to) {
        StringBuilder text = new StringBuilder("|");
        for (int i = from; i < to; i++) {
            text.append(octets[i] >= ' ' && octets[i] < 0x7f ? (char) octets[i] : '.');
        }
        return text.append('|').toString();
    }
}
