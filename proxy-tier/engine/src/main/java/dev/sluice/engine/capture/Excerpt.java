package dev.sluice.engine.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Octets of a message around what is wrong with it; what is secret among them is masked.
 *
 * @param octets at most {@link #MOST}
 * @param begin where they begin in what was received of the message
 * @param fault which of them is the first that is wrong; as many as there are: what should follow
 *     is missing; {@link #UNKNOWN} if that is not known
 * @param size of what was received of the message
 */
public record Excerpt(byte[] octets, int begin, int fault, int size) {
    public static final int UNKNOWN = -1;

    /** Octets that are shown before the fault, and behind it. */
    private static final int BEFORE = 384;

    private static final int BEHIND = 128;
    public static final int MOST = BEFORE + BEHIND;

    /** Of faults that no octet stands for. */
    public static final Excerpt NONE = new Excerpt(new byte[0], 0, UNKNOWN, 0);

    /**
     * Copies.
     *
     * @param size of the message, which is the beginning of the array
     * @param fault which octet is wrong, or {@link #UNKNOWN}
     */
    public static Excerpt of(byte[] message, int size, int fault) {
        int place = Math.clamp(fault, 0, size);
        int begin = Math.max(0, Math.min(place, size) - BEFORE);
        int end = Math.min(size, begin + MOST);
        byte[] masked = Masking.of(Arrays.copyOf(message, size), place);
        return new Excerpt(
                Arrays.copyOfRange(masked, begin, end),
                begin,
                fault == UNKNOWN ? UNKNOWN : place - begin,
                size);
    }

    /**
     * Of what a buffer holds from one place on, whether it was read or not.
     *
     * @param from index into the buffer
     * @param fault index into the buffer
     */
    public static Excerpt of(ByteBuf in, int from, int fault) {
        byte[] octets = ByteBufUtil.getBytes(in, from, in.writerIndex() - from);
        return of(octets, octets.length, fault - from);
    }

    /**
     * Of fields that came in another form than lines: as lines.
     *
     * @param odd the name of the first that is wrong; empty if that is not known
     */
    public static Excerpt of(Iterable<Map.Entry<CharSequence, CharSequence>> fields, String odd) {
        StringBuilder text = new StringBuilder();
        int fault = UNKNOWN;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            if (fault == UNKNOWN && !odd.isEmpty() && odd.contentEquals(field.getKey())) {
                fault = text.length();
            }
            text.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        return of(octets, octets.length, fault);
    }
}
