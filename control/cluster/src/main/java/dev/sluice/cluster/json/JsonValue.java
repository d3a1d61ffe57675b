package dev.sluice.cluster.json;

import java.util.List;
import java.util.Map;

/** A value of a JSON text and where it begins. */
sealed interface JsonValue {

    Place at();

    /** What an error message calls it. */
    String kind();

    /**
     * @param line from 1
     * @param column from 1, in characters
     */
    record Place(int line, int column) {}

    /** Members in the order of the text; keys are unique. */
    record Mapping(Place at, Map<String, JsonValue> members) implements JsonValue {
        @Override
        public String kind() {
            return "an object";
        }
    }

    /** Elements in order. */
    record Sequence(Place at, List<JsonValue> elements) implements JsonValue {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Without its quotes and escapes. */
    record Text(Place at, String text) implements JsonValue {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /** As written. */
    record Numeral(Place at, String digits) implements JsonValue {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** True or false. */
    record Flag(Place at, boolean value) implements JsonValue {
        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    /** Null. */
    record Nothing(Place at) implements JsonValue {
        @Override
        public String kind() {
            return "null";
        }
    }
}
