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
    private static final int CONTEXT_IN = 32;
    private static final int CONTEXT_SIZE_IN = 48;
    private static final int RETURNED = 56;
    private static final int REPEAT = 60;
    private static final int FLAGS = 68;
    private static final int LIVE_FRAMES = 2;
    private static final int CONTEXT_LENGTH = 24;
    private static final int CONTEXT_DATA_END = 4;
    private static final int CONTEXT_INGRESS = 12;

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

    /**
     * Runs an XDP program on frames that really go out ({@code BPF_F_TEST_XDP_LIVE_FRAMES}), as if
     * each had come in by a device of the calling thread's network namespace. The kernel reuses the
     * frames' memory and does not write their bytes anew: the program has to.
     *
     * @param frame what every frame is at first
     * @param times how many frames
     */
    public void runLive(byte[] frame, String device, int times) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame);
            MemorySegment context = arena.allocate(CONTEXT_LENGTH, 8);
            context.set(ValueLayout.JAVA_INT, CONTEXT_DATA_END, frame.length);
            context.set(ValueLayout.JAVA_INT, CONTEXT_INGRESS, Libc.deviceIndex(device));
            MemorySegment options = arena.allocate(OPTIONS_LENGTH, 8);
            options.set(ValueLayout.JAVA_LONG, 0, OPTIONS_LENGTH);
            options.set(ValueLayout.ADDRESS, DATA_IN, in);
            options.set(ValueLayout.JAVA_INT, SIZE_IN, frame.length);
            options.set(ValueLayout.ADDRESS, CONTEXT_IN, context);
            options.set(ValueLayout.JAVA_INT, CONTEXT_SIZE_IN, CONTEXT_LENGTH);
            options.set(ValueLayout.JAVA_INT, REPEAT, times);
            options.set(ValueLayout.JAVA_INT, FLAGS, LIVE_FRAMES);
            Errno.check(
                    Libbpf.TEST_RUN.call(fd, options),
                    "run " + name + " on " + times + " live frames of " + frame.length + " bytes");
        }
    }
}
