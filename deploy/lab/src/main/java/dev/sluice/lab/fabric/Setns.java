package dev.sluice.lab.fabric;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** {@code setns(2)}: moves the calling platform thread, and it alone, into a network namespace. */
final class Setns {
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final Open OPEN =
            MethodHandleProxies.asInterfaceInstance(
                    Open.class, handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)));
    private static final Setter SETNS =
            MethodHandleProxies.asInterfaceInstance(
                    Setter.class,
                    handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)));
    private static final Close CLOSE =
            MethodHandleProxies.asInterfaceInstance(
                    Close.class, handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)));

    private Setns() {}

    /** {@code open(2)} without a mode. */
    public interface Open {
        int open(MemorySegment state, MemorySegment path, int flags);
    }

    /** {@code setns(2)}. */
    public interface Setter {
        int setns(MemorySegment state, int fd, int type);
    }

    /** {@code close(2)}. */
    public interface Close {
        int close(MemorySegment state, int fd);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }

    static void enter(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment path = arena.allocateFrom(file.toString());
            int fd = OPEN.open(state, path, O_RDONLY_CLOEXEC);
            check("open", fd, file, state);
            try {
                check("setns", SETNS.setns(state, fd, CLONE_NEWNET), file, state);
            } finally {
                CLOSE.close(state, fd);
            }
        }
    }

    private static void check(String call, int result, Path file, MemorySegment state)
            throws IOException {
        if (result < 0) {
            int errno = (int) ERRNO.get(state, 0L);
            throw new IOException(call + " " + file + " failed with errno " + errno);
        }
    }
}
