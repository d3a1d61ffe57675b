package dev.sluice.cluster.json;

/** A text that is not JSON: what is wrong, and where. Never leaves the package. */
final class JsonSyntaxException extends Exception {
    private final JsonValue.Place at;

    JsonSyntaxException(JsonValue.Place at, String what) {
        super(what);
        this.at = at;
    }

    JsonValue.Place at() {
        return at;
    }
}
