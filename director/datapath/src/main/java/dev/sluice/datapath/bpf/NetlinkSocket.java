package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Asks the kernel of one network namespace, that of the thread that opens it: one message there,
 * one back. Owned by one thread.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** Of every message, before what it says: length, type, flags, sequence, sender. */
    public static final int HEADER_LENGTH = 16;

    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int MAX_ANSWER = 8192;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment answer = arena.allocate(MAX_ANSWER, 8);
    private final Fd socket;

    private NetlinkSocket(Fd socket) {
        this.socket = socket;
    }

    /** For questions about sockets. */
    public static NetlinkSocket sockDiag() {
        return new NetlinkSocket(
                Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG));
    }

    /**
     * What a message came back with, in words.
     *
     * @param errno positive
     */
    public static DatapathException failure(String attempt, int errno) {
        return Errno.failure(errno, attempt);
    }

    /** Zeroes for a message of that length, header included, in this machine's byte order. */
    public ByteBuffer message(int length) {
        return arena.allocate(length, 8).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Blocks for the first message that comes back.
     *
     * @param message from {@link #message}; it may be used again
     * @return valid until the next call
     */
    public ByteBuffer ask(ByteBuffer message) {
        Libc.send(socket, MemorySegment.ofBuffer(message.rewind()));
        int length = Libc.receive(socket, answer);
        return answer.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
