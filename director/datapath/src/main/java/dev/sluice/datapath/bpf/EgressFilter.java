package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A program that sees what leaves a device: a tc filter, which needs no pin, for it stays with the
 * device. There is one of ours on a device, told from others by its priority.
 */
public final class EgressFilter {
    private static final int HOOK_LENGTH = 24;
    private static final int HOOK_DEVICE = 8;
    private static final int HOOK_POINT = 12;
    private static final int POINT_EGRESS = 2;
    private static final int OPTIONS_LENGTH = 32;
    private static final int OPTIONS_PROGRAM = 8;
    private static final int OPTIONS_FLAGS = 12;
    private static final int OPTIONS_HANDLE = 20;
    private static final int OPTIONS_PRIORITY = 24;
    private static final int FLAG_REPLACE = 1;
    private static final int HANDLE = 1;

    /** The port of the encapsulation: nobody else's. */
    private static final int PRIORITY = 19_523;

    private EgressFilter() {}

    /** Attaches, or replaces the one before; every packet meets one of the two. */
    public static void attach(BpfProgram program, String device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment hook = hook(Libc.deviceIndex(device), arena);
            int made = Libbpf.TC_HOOK_CREATE.call(hook);
            if (made != -Errno.EEXIST) {
                Errno.check(made, "add the qdisc clsact to the device " + device);
            }
            MemorySegment options = options(arena);
            options.set(ValueLayout.JAVA_INT, OPTIONS_PROGRAM, program.fd());
            options.set(ValueLayout.JAVA_INT, OPTIONS_FLAGS, FLAG_REPLACE);
            Errno.check(
                    Libbpf.TC_ATTACH.call(hook, options),
                    "attach a filter to what leaves the device " + device);
        }
    }

    /**
     * Takes it off; nothing happens if there is none.
     *
     * @param deviceIndex in the calling thread's network namespace
     */
    public static void detach(int deviceIndex) {
        try (Arena arena = Arena.ofConfined()) {
            int result = Libbpf.TC_DETACH.call(hook(deviceIndex, arena), options(arena));
            // EINVAL: the device has no such qdisc; ENODEV: it is gone itself.
            if (result != -Errno.ENOENT && result != -Errno.EINVAL && result != -Errno.ENODEV) {
                Errno.check(result, "take a filter off the device " + deviceIndex);
            }
        }
    }

    private static MemorySegment hook(int deviceIndex, Arena arena) {
        MemorySegment hook = arena.allocate(HOOK_LENGTH, Long.BYTES);
        hook.set(ValueLayout.JAVA_LONG, 0, HOOK_LENGTH);
        hook.set(ValueLayout.JAVA_INT, HOOK_DEVICE, deviceIndex);
        hook.set(ValueLayout.JAVA_INT, HOOK_POINT, POINT_EGRESS);
        return hook;
    }

    private static MemorySegment options(Arena arena) {
        MemorySegment options = arena.allocate(OPTIONS_LENGTH, Long.BYTES);
        options.set(ValueLayout.JAVA_LONG, 0, OPTIONS_LENGTH);
        options.set(ValueLayout.JAVA_INT, OPTIONS_HANDLE, HANDLE);
        options.set(ValueLayout.JAVA_INT, OPTIONS_PRIORITY, PRIORITY);
        return options;
    }
}
