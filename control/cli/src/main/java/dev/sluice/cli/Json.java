package dev.sluice.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * JSON of the admin API's messages: every field is there, under its name in the schema, a message
 * that is not set as null; numbers are numbers; octets are Base64; enum values are lower case
 * without their prefix. No dependency, little to load.
 */
final class Json {
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;

    private Json(boolean pretty) {
        this.pretty = pretty;
    }

    /** On one line. */
    static String line(Message message) {
        return new Json(false).message(message, "").out.toString();
    }

    static String pretty(Message message) {
        return new Json(true).message(message, "").out.toString();
    }

    /**
     * On one line.
     *
     * @param values strings, numbers, booleans, lists of them; in the map's order
     */
    static String line(Map<String, Object> values) {
        Json json = new Json(false);
        json.out.append('{');
        Iterator<Map.Entry<String, Object>> entries = values.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Object> entry = entries.next();
            json.string(entry.getKey()).out.append(':');
            json.any(entry.getValue());
            json.out.append(entries.hasNext() ? "," : "");
        }
        return json.out.append('}').toString();
    }

    private Json message(Message message, String indent) {
        out.append('{');
        String inner = indent + INDENT;
        Iterator<FieldDescriptor> fields = message.getDescriptorForType().getFields().iterator();
        boolean any = fields.hasNext();
        while (fields.hasNext()) {
            FieldDescriptor field = fields.next();
            newLine(inner);
            string(field.getName()).out.append(pretty ? ": " : ":");
            if (field.hasPresence() && !message.hasField(field)) {
                out.append("null");
            } else {
                field(field, message.getField(field), inner);
            }
            out.append(fields.hasNext() ? "," : "");
        }
        if (any) {
            newLine(indent);
        }
        out.append('}');
        return this;
    }

    private void field(FieldDescriptor field, Object value, String indent) {
        if (!field.isRepeated()) {
            value(value, indent);
            return;
        }
        out.append('[');
        Iterator<?> elements = ((List<?>) value).iterator();
        boolean any = elements.hasNext();
        while (elements.hasNext()) {
            newLine(indent + INDENT);
            value(elements.next(), indent + INDENT);
            out.append(elements.hasNext() ? "," : "");
        }
        if (any) {
            newLine(indent);
        }
        out.append(']');
    }

    private void value(Object value, String indent) {
        switch (value) {
            case Message message -> message(message, indent);
            case EnumValueDescriptor constant -> string(Words.of(constant));
            default -> plain(value);
        }
    }

    private void any(Object value) {
        if (!(value instanceof List<?> list)) {
            plain(value);
            return;
        }
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : ",");
            plain(list.get(i));
        }
        out.append(']');
    }

    private void plain(Object value) {
        switch (value) {
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            case ByteString octets ->
                    string(Base64.getEncoder().encodeToString(octets.toByteArray()));
            default -> string(value.toString());
        }
    }

    private Json string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : c);
            }
        }
        out.append('"');
        return this;
    }

    private void newLine(String indent) {
        if (pretty) {
            out.append('\n').append(indent);
        }
    }
}
