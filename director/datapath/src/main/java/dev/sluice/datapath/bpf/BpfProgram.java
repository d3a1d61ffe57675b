package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** A loaded program; valid as long as the {@link BpfObject} it came from is open. */
public final class BpfProgram {
    private static final int OPTIONS_LENGTH = 80;
    private static final int DATA_IN = 8;
    private static final int DATA_OUT = 16;
    private static final int SIZE_IN = 24;
    private static final int SIZE_OUT = 28;
    private static final int RETURNED = 64 - 8;
    private static final int REPEAT = RETURNED + 4;

    /** No frame grows by more than the outer headers. */
    private static final int GROWTH = 256;

    private final String name;
    private final int fd;

    BpfProgram(String name, int fd) {
        this.name = name;
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    /**
     * What a run of an XDP program on one frame gave.
     *
     * @param action an XDP action number
     */
    public record Run(int action, byte[] frame) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Run that
                    && action == that.action
                    && Arrays.equals(frame, that.frame);
        }

        @Override
        public int hashCode() {
            return 31 * action + Arrays.hashCode(frame);
        }
    }

    /**
     * Runs an XDP program once on a frame, without a device ({@code BPF_PROG_TEST_RUN}). Sockets
     * are looked up in the calling thread's network namespace.
     *
     * @param frame 14 to about 3,500 bytes
     */
    public Run run(byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(frame.length);
            in.copyFrom(MemorySegment.ofArray(frame));
            MemorySegment out = arena.allocate(frame.length + GROWTH);
            MemorySegment options = arena.allocate(OPTIONS_LENGTH, 8);
            options.set(ValueLayout.JAVA_LONG, 0, OPTIONS_LENGTH);
            options.set(ValueLayout.ADDRESS, DATA_IN, in);
            options.set(ValueLayout.ADDRESS, DATA_OUT, out);
            options.set(ValueLayout.JAVA_INT, SIZE_IN, frame.length);
            options.set(ValueLayout.JAVA_INT, SIZE_OUT, (int) out.byteSize());
            options.set(ValueLayout.JAVA_INT, REPEAT, 1);
            Errno.check(
                    Libbpf.TEST_RUN.call(fd, options),
                    "run " + name + " on a frame of " + frame.length + " bytes");
            int length = options.get(ValueLayout.JAVA_INT, SIZE_OUT);
            return new Run(
                    options.get(ValueLayout.JAVA_INT, RETURNED),
                    out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
