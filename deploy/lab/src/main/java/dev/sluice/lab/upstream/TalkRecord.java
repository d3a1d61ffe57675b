package dev.sluice.lab.upstream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One record of a talk: its bytes follow from the talk's number and its place in the talk, so that
 * either end notices a lost, repeated, altered or mixed-up byte with the next record.
 *
 * <pre>
 * 0   8 bytes   the talk
 * 8   8 bytes   the record's place, from 0
 * 16  48 bytes  pseudo-random, determined by both
 * </pre>
 */
public final class TalkRecord {
    public static final int LENGTH = 64;

    /** What a server sends instead of a record that is not right: no record of any talk. */
    static final byte[] OBJECTION = new byte[LENGTH];

    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private TalkRecord() {}

    /** The record that is right there. */
    public static byte[] of(long talk, long place) {
        byte[] filling = new byte[LENGTH];
        new PseudoRandomBytes(talk * SPREAD + place).next(filling);
        ByteBuffer.wrap(filling).putLong(talk).putLong(place);
        return filling;
    }

    public static boolean isRight(byte[] record, long talk, long place) {
        return Arrays.equals(record, of(talk, place));
    }
}
