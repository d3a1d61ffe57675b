package dev.sluice.datapath;

import java.util.Arrays;
import java.util.Random;

/** Breaks frames at random, the same way for the same seed. */
final class Mutation {
    private static final int SHORTEST = 14;
    private static final int LONGEST_GROWTH = 60;
    private final Random random;

    Mutation(long seed) {
        this.random = new Random(seed);
    }

    byte[] of(byte[] frame) {
        byte[] mutant = frame.clone();
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            mutant = once(mutant);
        }
        return mutant;
    }

    private byte[] once(byte[] frame) {
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(frame, SHORTEST + random.nextInt(frame.length - SHORTEST + 1));
            case 1 -> Arrays.copyOf(frame, frame.length + random.nextInt(LONGEST_GROWTH));
            case 2, 3 -> with(frame, (byte) random.nextInt());
            case 4 -> with(frame, (byte) 0);
            case 5 -> with(frame, (byte) 0xff);
            default -> flipped(frame);
        };
    }

    private byte[] with(byte[] frame, byte value) {
        frame[random.nextInt(frame.length)] = value;
        return frame;
    }

    private byte[] flipped(byte[] frame) {
        frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        return frame;
    }
}
