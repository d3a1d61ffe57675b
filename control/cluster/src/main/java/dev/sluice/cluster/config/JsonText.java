package dev.sluice.cluster.config;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes JSON, two spaces a level. */
final class JsonText {
    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    /** A number or literal as it is written. */
    record Raw(String literal) {}

    /**
     * Without a line feed at the end.
     *
     * @param value maps, lists, texts, numbers, booleans and {@link Raw}
     */
    static String of(Object value) {
        JsonText json = new JsonText();
        json.value(value, "\n");
        return json.text.toString();
    }

    private void value(Object value, String line) {
        switch (value) {
            case Map<?, ?> map -> map(map, line);
            case List<?> list -> list(list, line);
            case Raw(String literal) -> text.append(literal);
            case Number number -> text.append(number);
            case Boolean flag -> text.append(flag);
            default -> string(value.toString());
        }
    }

    private void map(Map<?, ?> map, String line) {
        String inner = line + "  ";
        text.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<?, ?> entry = i.next();
            text.append(inner);
            string(String.valueOf(entry.getKey()));
            text.append(": ");
            value(entry.getValue(), inner);
            text.append(i.hasNext() ? "," : line);
        }
        text.append('}');
    }

    /** Short ones on a line. */
    private void list(List<?> list, String line) {
        boolean flat = list.stream().noneMatch(e -> e instanceof Map || e instanceof List);
        String inner = line + "  ";
        text.append('[');
        for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
            text.append(flat ? "" : inner);
            value(i.next(), inner);
            text.append(i.hasNext() ? (flat ? ", " : ",") : (flat ? "" : line));
        }
        text.append(']');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
