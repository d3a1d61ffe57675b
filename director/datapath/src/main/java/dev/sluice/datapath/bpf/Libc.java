package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.ToIntFunction;

/** The few system calls that Java has no words for. Errors become {@link DatapathException}. */
public final class Libc {
    public static final int AF_INET = 2;
    public static final int SOCK_DGRAM = 2;
    public static final int AF_NETLINK = 16;
    public static final int SOCK_RAW_CLOEXEC = 0x80003;
    public static final int CLONE_NEWNET = 0x40000000;
    public static final int CLOCK_MONOTONIC = 1;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int F_DUPFD_CLOEXEC = 1030;

    static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final SymbolLookup C = Native.LINKER.defaultLookup();

    private static final Mount MOUNT = capturing("mount", Mount.class);
    private static final Setns SETNS = capturing("setns", Setns.class);
    private static final Open OPEN =
            Native.bind(C, "open", Open.class, CAPTURE_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final Ioctl IOCTL =
            Native.bind(C, "ioctl", Ioctl.class, CAPTURE_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final Socket SOCKET = capturing("socket", Socket.class);
    private static final Flock FLOCK = capturing("flock", Flock.class);
    private static final Transfer SEND = capturing("send", Transfer.class);
    private static final Transfer RECEIVE = capturing("recv", Transfer.class);
    private static final SendTo SEND_TO = capturing("sendto", SendTo.class);
    private static final NameToIndex NAME_TO_INDEX = capturing("if_nametoindex", NameToIndex.class);
    private static final Dup DUP =
            Native.bind(C, "fcntl", Dup.class, CAPTURE_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final Close CLOSE = Native.bind(C, "close", Close.class);
    private static final ClockGettime CLOCK_GETTIME =
            Native.bind(C, "clock_gettime", ClockGettime.class);
    private static final Strerror STRERROR = Native.bind(C, "strerror", Strerror.class);
    private static final Vsnprintf VSNPRINTF = Native.bind(C, "vsnprintf", Vsnprintf.class);

    private Libc() {}

    public interface Mount {
        int call(
                MemorySegment errno,
                MemorySegment source,
                MemorySegment target,
                MemorySegment type,
                long flags,
                MemorySegment data);
    }

    public interface Setns {
        int call(MemorySegment errno, int fd, int type);
    }

    public interface Open {
        int call(MemorySegment errno, MemorySegment path, int flags);
    }

    public interface Ioctl {
        int call(MemorySegment errno, int fd, long request, MemorySegment argument);
    }

    public interface Socket {
        int call(MemorySegment errno, int family, int type, int protocol);
    }

    public interface Flock {
        int call(MemorySegment errno, int fd, int operation);
    }

    public interface Transfer {
        long call(MemorySegment errno, int fd, MemorySegment bytes, long length, int flags);
    }

    public interface SendTo {
        long call(
                MemorySegment errno,
                int fd,
                MemorySegment bytes,
                long length,
                int flags,
                MemorySegment address,
                int addressLength);
    }

    public interface NameToIndex {
        int call(MemorySegment errno, MemorySegment name);
    }

    public interface Dup {
        int call(MemorySegment errno, int fd, int command, int atLeast);
    }

    public interface Close {
        int call(int fd);
    }

    public interface ClockGettime {
        int call(int clock, MemorySegment timespec);
    }

    public interface Strerror {
        MemorySegment call(int errno);
    }

    public interface Vsnprintf {
        int call(MemorySegment buffer, long size, MemorySegment format, MemorySegment arguments);
    }

    /** Mounts a file system without a device. */
    public static void mount(String type, String target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(type);
            checked(
                    "mount " + type + " on " + target,
                    e ->
                            MOUNT.call(
                                    e,
                                    name,
                                    arena.allocateFrom(target),
                                    name,
                                    0,
                                    MemorySegment.NULL));
        }
    }

    /** Moves the calling platform thread into the network namespace of a file. */
    public static void enterNetworkNamespace(int fd) {
        checked("enter a network namespace", e -> SETNS.call(e, fd, CLONE_NEWNET));
    }

    public static Fd openReadOnly(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return new Fd(checked("open " + path, e -> OPEN.call(e, name, O_RDONLY_CLOEXEC)));
        }
    }

    public static Fd socket(int family, int type, int protocol) {
        return new Fd(checked("open a socket", e -> SOCKET.call(e, family, type, protocol)));
    }

    public static void ioctl(String attempt, Fd fd, long request, MemorySegment argument) {
        checked(attempt, e -> IOCTL.call(e, fd.number(), request, argument));
    }

    /**
     * Locks an open file for as long as it is open; {@code flock(2)} without waiting.
     *
     * @return false if it is locked already by another opening of the file
     */
    public static boolean tryLock(Fd file, boolean shared) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURED);
            int operation = (shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
            if (FLOCK.call(errno, file.number(), operation) == 0) {
                return true;
            }
            int why = (int) ERRNO.get(errno, 0L);
            if (why == Errno.EAGAIN) {
                return false;
            }
            throw Errno.failure(why, "lock a file");
        }
    }

    public static void send(Fd socket, MemorySegment message) {
        checked(
                "write to a socket",
                e -> (int) SEND.call(e, socket.number(), message, message.byteSize(), 0));
    }

    /**
     * Sends one message on an unconnected socket.
     *
     * @param address a {@code sockaddr} of the socket's family
     */
    public static void sendTo(Fd socket, MemorySegment message, MemorySegment address) {
        checked(
                "write to a socket",
                e ->
                        (int)
                                SEND_TO.call(
                                        e,
                                        socket.number(),
                                        message,
                                        message.byteSize(),
                                        0,
                                        address,
                                        (int) address.byteSize()));
    }

    /** Blocks for one message. */
    public static int receive(Fd socket, MemorySegment buffer) {
        return checked(
                "read from a socket",
                e -> (int) RECEIVE.call(e, socket.number(), buffer, buffer.byteSize(), 0));
    }

    /**
     * @return the index of a device in the calling thread's network namespace
     */
    public static int deviceIndex(String device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(device);
            MemorySegment errno = arena.allocate(CAPTURED);
            int index = NAME_TO_INDEX.call(errno, name);
            if (index == 0) {
                throw Errno.failure((int) ERRNO.get(errno, 0L), "find the device " + device);
            }
            return index;
        }
    }

    static Fd duplicate(int fd) {
        return new Fd(checked("duplicate a file", e -> DUP.call(e, fd, F_DUPFD_CLOEXEC, 0)));
    }

    static void close(int fd) {
        CLOSE.call(fd);
    }

    /** The kernel's monotonic clock: what {@code bpf_ktime_get_ns} reads. */
    public static long monotonicNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(16, 8);
            CLOCK_GETTIME.call(CLOCK_MONOTONIC, timespec);
            return timespec.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                    + timespec.get(ValueLayout.JAVA_LONG, 8);
        }
    }

    static String describe(int errno) {
        String text = STRERROR.call(errno).reinterpret(Long.MAX_VALUE).getString(0);
        return text + " (errno " + errno + ")";
    }

    /**
     * Formats as C does.
     *
     * @param arguments a {@code va_list} of x86-64 (24 bytes); left as it was
     */
    static String format(MemorySegment format, MemorySegment arguments) {
        try (Arena arena = Arena.ofConfined()) {
            // Each use of a va_list consumes it, so both calls get a copy.
            int length = VSNPRINTF.call(MemorySegment.NULL, 0, format, copy(arena, arguments));
            if (length < 0) {
                return "";
            }
            MemorySegment text = arena.allocate(length + 1L);
            VSNPRINTF.call(text, text.byteSize(), format, copy(arena, arguments));
            return text.getString(0);
        }
    }

    private static MemorySegment copy(Arena arena, MemorySegment vaList) {
        return arena.allocate(24, 8).copyFrom(vaList.reinterpret(24));
    }

    private static <T> T capturing(String name, Class<T> shape) {
        return Native.bind(C, name, shape, CAPTURE_ERRNO);
    }

    private static int checked(String attempt, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURED);
            int result = call.applyAsInt(errno);
            if (result < 0) {
                throw Errno.failure((int) ERRNO.get(errno, 0L), attempt);
            }
            return result;
        }
    }
}
