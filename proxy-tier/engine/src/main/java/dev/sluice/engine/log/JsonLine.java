package dev.sluice.engine.log;

import org.jspecify.annotations.Nullable;

/** Appends one flat object to a text; what is null, empty or never was is left out. */
final class JsonLine {
    private final StringBuilder text;
    private char separator = '{';

    JsonLine(StringBuilder text) {
        this.text = text;
    }

    JsonLine begin() {
        separator = '{';
        return this;
    }

    JsonLine put(String key, @Nullable Object value) {
        String shown = value == null ? "" : value.toString();
        if (!shown.isEmpty()) {
            key(key);
            string(shown);
        }
        return this;
    }

    JsonLine put(String key, long value) {
        key(key);
        text.append(value);
        return this;
    }

    JsonLine putMicros(String key, long nanos) {
        return nanos < 0 ? this : put(key, nanos / 1_000);
    }

    void end() {
        text.append('}');
    }

    private void key(String key) {
        text.append(separator).append('"').append(key).append("\":");
        separator = ',';
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        text.append('"');
    }
}
