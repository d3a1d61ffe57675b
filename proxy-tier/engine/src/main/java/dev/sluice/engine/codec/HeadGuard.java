package dev.sluice.engine.codec;

import dev.sluice.engine.http.Failure;

import io.netty.util.ByteProcessor;

import org.jspecify.annotations.Nullable;

/**
 * Looks at the raw bytes of a request's head before the decoder does, for what cannot be seen any
 * more in what it makes of them: folded lines, bare line ends, control bytes, doubled spaces,
 * doubled lengths. One octet at a time, so that it does not matter how they come in.
 */
final class HeadGuard implements ByteProcessor {
    private static final String VERSION = "HTTP/1.";
    private static final String LENGTH = "content-length:";

    private enum Place {
        BEFORE,
        FIRST_LINE,
        FIELD_START,
        FIELD,
        AFTER_CR,
        END
    }

    private final int maxFields;
    private final Runnable started;
    private Place place = Place.BEFORE;
    private boolean emptyLine;
    private int spaces;
    private int versionOctets;
    private int fields;
    private int lengths;
    private int lengthMatched;
    private @Nullable Failure failure;

    /**
     * Guards the heads of one connection.
     *
     * @param started runs at the first octet of each head
     */
    HeadGuard(int maxFields, Runnable started) {
        this.maxFields = maxFields;
        this.started = started;
    }

    /** For the next head. */
    void reset() {
        place = Place.BEFORE;
        spaces = 0;
        versionOctets = 0;
        fields = 0;
        lengths = 0;
    }

    boolean isAtEnd() {
        return place == Place.END;
    }

    @Nullable Failure failure() {
        return failure;
    }

    /** False when the head has ended or failed. */
    @Override
    public boolean process(byte octet) {
        failure = failureAt(octet);
        return failure == null && place != Place.END;
    }

    private @Nullable Failure failureAt(byte octet) {
        return switch (place) {
            case BEFORE -> before(octet);
            case FIRST_LINE -> firstLine(octet);
            case FIELD_START -> fieldStart(octet);
            case FIELD -> field(octet);
            case AFTER_CR -> afterCr(octet);
            case END -> Failure.MALFORMED;
        };
    }

    /** RFC 9112 §2.2: empty lines ahead of a request are overlooked. */
    private @Nullable Failure before(byte octet) {
        if (octet == '\r' || octet == '\n') {
            return null;
        }
        started.run();
        place = Place.FIRST_LINE;
        return firstLine(octet);
    }

    private @Nullable Failure firstLine(byte octet) {
        if (octet == '\r') {
            return lineEnds(false, versionOctets == VERSION.length() + 1);
        }
        if (octet == ' ') {
            spaces++;
            return null;
        }
        if (spaces >= 2) {
            return versionGoesOn(octet) ? null : Failure.MALFORMED;
        }
        return octet < ' ' || octet == 0x7f ? Failure.MALFORMED : null;
    }

    /** RFC 9112 §2.3: the name is case-sensitive; HTTP/1.0 and HTTP/1.1 are known here. */
    private boolean versionGoesOn(byte octet) {
        int at = versionOctets++;
        return spaces == 2
                && (at < VERSION.length()
                        ? octet == VERSION.charAt(at)
                        : at == VERSION.length() && (octet == '0' || octet == '1'));
    }

    private @Nullable Failure fieldStart(byte octet) {
        if (octet == '\r') {
            return lineEnds(true, true);
        }
        // RFC 9112 §5.2: a folded line, or a first one to confuse.
        if (octet == ' ' || octet == '\t') {
            return Failure.MALFORMED;
        }
        if (++fields > maxFields) {
            return Failure.HEADER_TOO_LARGE;
        }
        place = Place.FIELD;
        lengthMatched = 0;
        return field(octet);
    }

    private @Nullable Failure field(byte octet) {
        if (octet == '\r') {
            return lineEnds(false, true);
        }
        if (lengthMatched >= 0) {
            matchLength(octet);
        }
        boolean control = (octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f;
        return control || lengths > 1 ? Failure.MALFORMED : null;
    }

    private void matchLength(byte octet) {
        int lower = octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
        lengthMatched = lower == LENGTH.charAt(lengthMatched) ? lengthMatched + 1 : -1;
        if (lengthMatched == LENGTH.length()) {
            lengths++;
            lengthMatched = -1;
        }
    }

    private @Nullable Failure lineEnds(boolean empty, boolean valid) {
        emptyLine = empty;
        place = Place.AFTER_CR;
        return valid ? null : Failure.MALFORMED;
    }

    private @Nullable Failure afterCr(byte octet) {
        place = emptyLine ? Place.END : Place.FIELD_START;
        return octet == '\n' ? null : Failure.MALFORMED;
    }
}
