package dev.sluice.cluster.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the characters of one text to its value. Confined to the reading thread. */
final class JsonScanner {
    private static final int MAX_DEPTH = 64;
    private static final char END = '\0';
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    private final String text;
    private int position;
    private int line = 1;
    private int lineStart;

    private JsonScanner(String text) {
        this.text = text;
    }

    /** The one value that a text is. */
    static JsonValue scan(String text) throws JsonSyntaxException {
        JsonScanner scanner = new JsonScanner(text);
        JsonValue value = scanner.value(0);
        if (scanner.peek() != END || scanner.position < text.length()) {
            throw scanner.wrong("something follows the end of the value");
        }
        return value;
    }

    private JsonValue value(int depth) throws JsonSyntaxException {
        char first = peek();
        JsonValue.Place at = here();
        if (depth > MAX_DEPTH) {
            throw wrong("is nested deeper than " + MAX_DEPTH + " levels");
        }
        return switch (first) {
            case '{' -> new JsonValue.Mapping(at, members(depth));
            case '[' -> new JsonValue.Sequence(at, elements(depth));
            case '"' -> new JsonValue.Text(at, string());
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    new JsonValue.Numeral(at, matching(NUMBER));
            default -> word(at);
        };
    }

    private JsonValue word(JsonValue.Place at) throws JsonSyntaxException {
        return switch (matching(WORD)) {
            case "true" -> new JsonValue.Flag(at, true);
            case "false" -> new JsonValue.Flag(at, false);
            case "null" -> new JsonValue.Nothing(at);
            default -> throw new JsonSyntaxException(at, "a value was expected here");
        };
    }

    private Map<String, JsonValue> members(int depth) throws JsonSyntaxException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        position++;
        if (skip('}')) {
            return members;
        }
        do {
            peek();
            JsonValue.Place at = here();
            expect('"', "a key in double quotes");
            position--;
            String key = string();
            expect(':', "':' after the key");
            if (members.put(key, value(depth + 1)) != null) {
                throw new JsonSyntaxException(at, "the key \"" + key + "\" is there twice");
            }
        } while (skip(','));
        expect('}', "',' or '}'");
        return members;
    }

    private List<JsonValue> elements(int depth) throws JsonSyntaxException {
        List<JsonValue> elements = new ArrayList<>();
        position++;
        if (skip(']')) {
            return elements;
        }
        do {
            elements.add(value(depth + 1));
        } while (skip(','));
        expect(']', "',' or ']'");
        return elements;
    }

    private String string() throws JsonSyntaxException {
        StringBuilder string = new StringBuilder();
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw wrong("a string holds an unescaped control character");
            }
            string.append(c == '\\' ? escaped() : c);
        }
        throw wrong("a string has no end");
    }

    private char escaped() throws JsonSyntaxException {
        char c = position < text.length() ? text.charAt(position++) : END;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("a string holds an unknown escape");
        };
    }

    private char unicode() throws JsonSyntaxException {
        int end = position + 4;
        if (end > text.length() || !text.substring(position, end).matches("[0-9A-Fa-f]{4}")) {
            throw wrong("\\u needs four hexadecimal digits");
        }
        char c = (char) Integer.parseInt(text.substring(position, end), 16);
        position = end;
        return c;
    }

    private String matching(Pattern pattern) throws JsonSyntaxException {
        Matcher matcher = pattern.matcher(text).region(position, text.length());
        if (!matcher.lookingAt()) {
            throw wrong(position < text.length() ? "a value was expected here" : "ends too early");
        }
        position = matcher.end();
        return matcher.group();
    }

    /** The next character that is not white space; it stays to be read. */
    private char peek() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            if (text.charAt(position++) == '\n') {
                line++;
                lineStart = position;
            }
        }
        return position < text.length() ? text.charAt(position) : END;
    }

    private boolean skip(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char wanted, String what) throws JsonSyntaxException {
        if (!skip(wanted)) {
            throw wrong(position < text.length() ? what + " was expected here" : "ends too early");
        }
    }

    private JsonValue.Place here() {
        return new JsonValue.Place(line, position - lineStart + 1);
    }

    private JsonSyntaxException wrong(String what) {
        return new JsonSyntaxException(here(), what);
    }
}
