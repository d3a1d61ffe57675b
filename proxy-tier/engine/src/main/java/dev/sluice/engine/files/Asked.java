package dev.sluice.engine.files;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

/** What a request says that an answer of a file depends on, to be looked at on other threads. */
record Asked(
        boolean head,
        String path,
        String query,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String ifUnmodifiedSince,
        @Nullable String ifRange,
        @Nullable String range) {
    private static final Name IF_MATCH = Name.of("if-match");
    private static final Name IF_NONE_MATCH = Name.of("if-none-match");
    private static final Name IF_MODIFIED_SINCE = Name.of("if-modified-since");
    private static final Name IF_UNMODIFIED_SINCE = Name.of("if-unmodified-since");
    private static final Name IF_RANGE = Name.of("if-range");

    static Asked of(RequestHead head) {
        Fields fields = head.fields();
        boolean body = head.method().equals("GET");
        return new Asked(
                !body,
                head.path(),
                head.query(),
                joined(fields, IF_MATCH),
                joined(fields, IF_NONE_MATCH),
                fields.get(IF_MODIFIED_SINCE),
                fields.get(IF_UNMODIFIED_SINCE),
                fields.get(IF_RANGE),
                // RFC 9110 §14.2: of GET alone, and said once.
                body && fields.count(Names.RANGE) == 1 ? fields.get(Names.RANGE) : null);
    }

    private static @Nullable String joined(Fields fields, Name name) {
        return fields.has(name) ? String.join(",", fields.all(name)) : null;
    }
}
