package dev.sluice.engine.files;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A file as it is at a moment, and what clients may have of it already (RFC 9110 §13).
 *
 * @param tag the same on every proxy that has the same file with the same time
 */
record Version(long size, Instant modified, String tag) {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** What becomes of a request with conditions. */
    enum Verdict {
        SEND,
        NOT_MODIFIED,
        FAILED
    }

    static Version of(long size, Instant modified) {
        long nanos = modified.getEpochSecond() * 1_000_000_000 + modified.getNano();
        return new Version(
                size, modified, '"' + Long.toHexString(nanos) + '-' + Long.toHexString(size) + '"');
    }

    static String date(Instant time) {
        return HTTP_DATE.format(time);
    }

    /** In the order of RFC 9110 §13.2.2. */
    Verdict verdict(Asked asked) {
        boolean failed =
                asked.ifMatch() != null
                        ? !lists(asked.ifMatch(), true)
                        : asked.ifUnmodifiedSince() != null
                                && isModifiedSince(asked.ifUnmodifiedSince(), false);
        if (failed) {
            return Verdict.FAILED;
        }
        boolean known =
                asked.ifNoneMatch() != null
                        ? lists(asked.ifNoneMatch(), false)
                        : asked.ifModifiedSince() != null
                                && !isModifiedSince(asked.ifModifiedSince(), true);
        return known ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /** Tags of ours have no comma within. */
    private boolean lists(String tags, boolean strongly) {
        if (tags.strip().equals("*")) {
            return true;
        }
        for (String listed : tags.split(",", -1)) {
            String one = listed.strip();
            if (one.equals(tag) || (!strongly && one.equals("W/" + tag))) {
                return true;
            }
        }
        return false;
    }

    /** What is no date is not heeded. */
    private boolean isModifiedSince(String date, boolean otherwise) {
        Instant since = parse(date);
        return since == null ? otherwise : seconds().isAfter(since);
    }

    /** Whether a client that has a part of this may be given another. */
    boolean isRangeOf(@Nullable String ifRange, Instant now) {
        if (ifRange == null || ifRange.equals(tag)) {
            return true;
        }
        // RFC 9110 §8.8.2.2: within the same second it may have been another.
        Instant date = parse(ifRange);
        return date != null && date.equals(seconds()) && now.isAfter(seconds().plusSeconds(1));
    }

    private Instant seconds() {
        return Instant.ofEpochSecond(modified.getEpochSecond());
    }

    private static @Nullable Instant parse(String date) {
        try {
            return HTTP_DATE.parse(date, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
