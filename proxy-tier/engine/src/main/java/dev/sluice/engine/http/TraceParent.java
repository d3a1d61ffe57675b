package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which trace a request is part of (W3C Trace Context, level 1). */
public final class TraceParent {
    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;

    private TraceParent() {}

    /** The id of the trace, 32 hexadecimal digits; null if there is none, or none that is valid. */
    public static @Nullable String traceOf(Fields fields) {
        if (!fields.has(Names.TRACEPARENT)) {
            return null;
        }
        List<String> all = fields.all(Names.TRACEPARENT);
        String text = all.getFirst();
        return all.size() == 1 && isValid(text) ? text.substring(TRACE_AT, SPAN_AT - 1) : null;
    }

    /**
     * Makes the request part of a trace that begins here, unless it is part of one. The new one is
     * not sampled: nobody here would tell of it. What is not valid is dropped, and the state that
     * goes with it.
     */
    public static void ensure(Fields fields, RandomGenerator random) {
        if (traceOf(fields) == null) {
            fields.remove(Names.TRACESTATE);
            fields.set(Names.TRACEPARENT, fresh(random));
        }
    }

    private static String fresh(RandomGenerator random) {
        HexFormat hex = HexFormat.of();
        return "00-"
                + hex.toHexDigits(random.nextLong())
                // An id of zeros alone is none.
                + hex.toHexDigits(random.nextLong() | 1)
                + '-'
                + hex.toHexDigits(random.nextLong() | 1)
                + "-00";
    }

    /** Later versions may say more behind a dash; version ff is none. */
    private static boolean isValid(String text) {
        boolean known = text.startsWith("00");
        return text.length() >= LENGTH
                && (text.length() == LENGTH || (!known && text.charAt(LENGTH) == '-'))
                && isHex(text, 0, TRACE_AT - 1)
                && !text.startsWith("ff")
                && isId(text, TRACE_AT, SPAN_AT - 1)
                && isId(text, SPAN_AT, FLAGS_AT - 1)
                && isHex(text, FLAGS_AT, LENGTH)
                && text.charAt(TRACE_AT - 1) == '-'
                && text.charAt(SPAN_AT - 1) == '-'
                && text.charAt(FLAGS_AT - 1) == '-';
    }

    private static boolean isId(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '0') {
                return isHex(text, from, to);
            }
        }
        return false;
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
