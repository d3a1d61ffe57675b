package dev.sluice.engine.codec;

import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the lines of a head, however they are split over reads, and refuses what could be read in
 * another way elsewhere (RFC 9112 §2.2, §5): bare line ends, folded lines, control octets, space
 * around names. The octets are collected in an array: copying a head costs less than to look at it
 * in a buffer octet by octet, and the view on it survives the buffer. Confined to an event loop.
 */
abstract class HeadParser {
    private static final int FIRST_BYTES = 512;

    /** More is not kept for the next head. */
    private static final int KEPT_BYTES = 4 << 10;

    /**
     * What a head may have.
     *
     * @param lineBytes of its first line
     * @param fieldBytes of all field lines
     * @param fields count of field lines
     */
    record Limits(int lineBytes, int fieldBytes, int fields) {}

    /** Where heads differ but for their first line. */
    enum Kind {
        REQUEST,
        RESPONSE,
        TRAILERS
    }

    private final Kind kind;
    private final Limits limits;
    private final WireFields fields = new WireFields();
    private byte[] octets = new byte[0];
    private int size;

    /** Where the line begins that is not complete. */
    private int line;

    /** What was looked at. */
    private int at;

    private int fieldsAt;

    /** Which octet is wrong, if one is. */
    private int fault;

    private boolean started;
    private boolean complete;
    private @Nullable Failure failure;

    HeadParser(Kind kind, Limits limits) {
        this.kind = kind;
        this.limits = limits;
    }

    /** For the next head; what was read of the one before is no longer valid. */
    void reset() {
        if (octets.length > KEPT_BYTES) {
            octets = new byte[0];
        }
        fields.clear();
        size = 0;
        line = 0;
        at = 0;
        fieldsAt = 0;
        fault = 0;
        started = false;
        complete = false;
        failure = null;
    }

    /**
     * Takes octets from the buffer, up to the end of the head and not beyond.
     *
     * @return whether the head is complete or failed
     */
    boolean read(ByteBuf in) {
        while (!complete && failure == null && in.isReadable()) {
            int before = size;
            append(in);
            scan();
            in.skipBytes((complete ? at : size) - before);
        }
        return complete || failure != null;
    }

    @Nullable Failure failure() {
        return failure;
    }

    /** True from the first octet of a head on; empty lines ahead of it do not count. */
    boolean isStarted() {
        return started;
    }

    final Failure malformed(int octet) {
        fault = octet;
        return Failure.MALFORMED;
    }

    /**
     * What was read around that for which the head is refused, by this parser or by others who
     * looked at it as a whole.
     */
    final Excerpt excerpt(Failure why) {
        return Excerpt.of(octets, size, failure == null ? place(culprit(why)) : fault);
    }

    private int place(@Nullable Name culprit) {
        int found = culprit == null ? WireFields.NOWHERE : fields.place(culprit);
        // What is missing is missed at the end.
        return culprit == null ? 0 : found == WireFields.NOWHERE ? at - 2 : found;
    }

    /** The field for which a whole head is refused; null if that is its first line. */
    private @Nullable Name culprit(Failure why) {
        return switch (why) {
            case BAD_HOST -> Names.HOST;
            case BAD_UPGRADE -> Names.UPGRADE;
            case BAD_FRAMING, UNKNOWN_CODING, BAD_RESPONSE ->
                    fields.has(Names.TRANSFER_ENCODING)
                            ? Names.TRANSFER_ENCODING
                            : fields.has(Names.CONTENT_LENGTH) ? Names.CONTENT_LENGTH : null;
            default -> null;
        };
    }

    WireFields fields() {
        return fields;
    }

    private void append(ByteBuf in) {
        int room = octets.length - size;
        if (room == 0) {
            octets = Arrays.copyOf(octets, Math.max(FIRST_BYTES, octets.length * 2));
            fields.octets(octets);
            room = octets.length - size;
        }
        int count = Math.min(room, in.readableBytes());
        in.getBytes(in.readerIndex(), octets, size, count);
        size += count;
    }

    private void scan() {
        while (!complete && failure == null) {
            at = skipLine(at);
            if (at == size) {
                checkSize();
                return;
            }
            if (octets[at] != '\r') {
                failure = malformed(at);
            } else if (at + 1 == size) {
                checkSize();
                return;
            } else if (octets[at + 1] != '\n') {
                failure = malformed(at + 1);
            } else {
                endLine();
            }
        }
    }

    private int skipLine(int from) {
        byte[] in = octets;
        int to = size;
        int i = from;
        while (i < to && Octets.isInLine(in[i])) {
            i++;
        }
        started |= i > from;
        return i;
    }

    private void endLine() {
        int end = at;
        at += 2;
        fault = line;
        if (isInFields()) {
            endFieldLine(end);
        } else if (end == line) {
            // RFC 9112 §2.2: empty lines ahead of a message are overlooked.
            failure = kind == Kind.REQUEST && !started ? null : Failure.MALFORMED;
        } else {
            failure = sizeFailure(end);
            failure = failure != null ? failure : firstLine(octets, line, end);
            fieldsAt = at;
        }
        line = at;
    }

    private boolean isInFields() {
        return fieldsAt > 0 || kind == Kind.TRAILERS;
    }

    private void endFieldLine(int end) {
        failure = sizeFailure(end);
        if (failure == null && end == line) {
            complete = true;
        } else if (failure == null) {
            failure = fields.lines() == limits.fields ? Failure.HEADER_TOO_LARGE : field(end);
        }
    }

    private void checkSize() {
        failure = sizeFailure(at);
        fault = at;
    }

    private @Nullable Failure sizeFailure(int end) {
        if (!isInFields()) {
            // With the empty lines ahead of it, which would be without bound otherwise.
            return end > limits.lineBytes ? Failure.TARGET_TOO_LONG : null;
        }
        return end - fieldsAt > limits.fieldBytes ? Failure.HEADER_TOO_LARGE : null;
    }

    /** RFC 9112 §5.1: no space before the colon; a folded line has no name. */
    private @Nullable Failure field(int end) {
        byte[] in = octets;
        int colon = line;
        int hash = 0;
        while (colon < end && Octets.isToken(in[colon])) {
            hash = Name.hash(hash, in[colon++]);
        }
        if (colon == line || colon == end || in[colon] != ':') {
            return malformed(colon);
        }
        int value = colon + 1;
        while (value < end && Octets.isSpace(in[value])) {
            value++;
        }
        int valueEnd = end;
        while (valueEnd > value && Octets.isSpace(in[valueEnd - 1])) {
            valueEnd--;
        }
        Name name = Names.find(in, line, colon - line, hash);
        fields.line(name, line, colon, value, valueEnd, at);
        return null;
    }

    static String text(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Reads the first line, without its end. */
    abstract @Nullable Failure firstLine(byte[] octets, int from, int to);
}
