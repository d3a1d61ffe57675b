package dev.sluice.cluster.packet;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * What a program does with a frame.
 *
 * @param frame as it leaves the program; of a dropped one nothing is promised
 * @param counters that count it
 */
public record FrameVerdict<C extends Enum<C>>(Action action, byte[] frame, Set<C> counters) {

    /** Of XDP, with the kernel's numbers. */
    public enum Action {
        DROP(1),
        PASS(2),
        /** Out of the device it came in by. */
        TX(3);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    public FrameVerdict {
        counters = Set.copyOf(EnumSet.copyOf(counters));
    }

    static <C extends Enum<C>> FrameVerdict<C> pass(byte[] frame, C counter) {
        return new FrameVerdict<>(Action.PASS, frame, Set.of(counter));
    }

    static <C extends Enum<C>> FrameVerdict<C> drop(C counter) {
        return new FrameVerdict<>(Action.DROP, new byte[0], Set.of(counter));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrameVerdict<?> that
                && action == that.action
                && counters.equals(that.counters)
                && (action == Action.DROP || Arrays.equals(frame, that.frame));
    }

    @Override
    public int hashCode() {
        return 31 * action.hashCode() + counters.hashCode();
    }

    @Override
    public String toString() {
        String bytes = action == Action.DROP ? "" : " " + HexFormat.of().formatHex(frame);
        return action + " " + counters + bytes;
    }
}
