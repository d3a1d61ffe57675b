package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sockets that Java has no words for: a listener that waits for data, and raw TCP. */
public final class TcpSockets {
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_RAW = 255;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVTIMEO = 20;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_REPAIR = 19;
    private static final int SOCKADDR_LENGTH = 16;
    private static final int SOCKADDR6_LENGTH = 28;
    private static final short AF_INET6 = 10;

    private static final SymbolLookup C = Linker.nativeLinker().defaultLookup();
    private static final Bind BIND = Native.bind(C, "bind", Bind.class);
    private static final Bind CONNECT = Native.bind(C, "connect", Bind.class);
    private static final Listen LISTEN = Native.bind(C, "listen", Listen.class);
    private static final SetOption SET_OPTION = Native.bind(C, "setsockopt", SetOption.class);
    private static final SendTo SEND_TO = Native.bind(C, "sendto", SendTo.class);
    private static final Receive RECEIVE = Native.bind(C, "recv", Receive.class);

    private TcpSockets() {}

    public interface Bind {
        int call(int fd, MemorySegment address, int length);
    }

    public interface Listen {
        int call(int fd, int backlog);
    }

    public interface SetOption {
        int call(int fd, int level, int option, MemorySegment value, int length);
    }

    public interface SendTo {
        long call(
                int fd,
                MemorySegment bytes,
                long length,
                int flags,
                MemorySegment address,
                int addressLength);
    }

    public interface Receive {
        long call(int fd, MemorySegment bytes, long length, int flags);
    }

    /** Sends whole IPv4 packets, whatever they say they come from. */
    public static Fd rawIp() {
        return Libc.socket(Libc.AF_INET, SOCK_RAW, IPPROTO_RAW);
    }

    /** Its handshakes stay request sockets until the client sends data. */
    public static Fd deferringListener(InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            return deferringListener(Libc.AF_INET, sockaddr(address, arena));
        }
    }

    /** The same, on every address of both families. */
    public static Fd deferringIpv6Listener(InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment any = arena.allocate(SOCKADDR6_LENGTH, 4);
            any.set(ValueLayout.JAVA_SHORT, 0, AF_INET6);
            any.asByteBuffer().order(ByteOrder.BIG_ENDIAN).putShort(2, (short) address.getPort());
            return deferringListener(AF_INET6, any);
        }
    }

    /**
     * An established flow whose other end never was: no packet is sent, nor when it is closed. Of a
     * listener on the same address it is independent.
     */
    public static Fd established(InetSocketAddress local, InetSocketAddress remote) {
        Fd fd = Libc.socket(Libc.AF_INET, SOCK_STREAM, 0);
        setInt(fd, IPPROTO_TCP, TCP_REPAIR, 1);
        bind(fd, local);
        try (Arena arena = Arena.ofConfined()) {
            require(
                    CONNECT.call(fd.number(), sockaddr(remote, arena), SOCKADDR_LENGTH),
                    "connect " + remote);
        }
        return fd;
    }

    private static Fd deferringListener(int family, MemorySegment address) {
        Fd fd = Libc.socket(family, SOCK_STREAM, 0);
        setInt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        setInt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 30);
        require(BIND.call(fd.number(), address, (int) address.byteSize()), "bind");
        require(LISTEN.call(fd.number(), 16), "listen");
        return fd;
    }

    /**
     * Sends TCP segments from an address and hears all of its family that come to this namespace.
     */
    public static Fd raw(InetSocketAddress from) {
        Fd fd = Libc.socket(family(from), SOCK_RAW, IPPROTO_TCP);
        bind(fd, from);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment second = arena.allocate(16, 8);
            second.set(ValueLayout.JAVA_LONG, 0, 1);
            require(
                    SET_OPTION.call(fd.number(), SOL_SOCKET, SO_RCVTIMEO, second, 16),
                    "setsockopt");
        }
        return fd;
    }

    public static void send(Fd raw, byte[] segment, InetSocketAddress to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, segment);
            MemorySegment sockaddr = sockaddr(to, arena);
            long sent =
                    SEND_TO.call(
                            raw.number(),
                            bytes,
                            bytes.byteSize(),
                            0,
                            sockaddr,
                            (int) sockaddr.byteSize());
            require((int) sent, "sendto");
        }
    }

    /**
     * @return the next IPv4 packet, or of IPv6 what is behind its header; empty after a second
     *     without one
     */
    public static byte[] receive(Fd raw) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(2048);
            long length = RECEIVE.call(raw.number(), bytes, bytes.byteSize(), 0);
            return bytes.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static void bind(Fd fd, InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockaddr = sockaddr(address, arena);
            require(BIND.call(fd.number(), sockaddr, (int) sockaddr.byteSize()), "bind " + address);
        }
    }

    private static void setInt(Fd fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            require(SET_OPTION.call(fd.number(), level, option, number, 4), "setsockopt");
        }
    }

    private static MemorySegment sockaddr(InetSocketAddress address, Arena arena) {
        boolean isIpv4 = address.getAddress() instanceof Inet4Address;
        MemorySegment sockaddr = arena.allocate(isIpv4 ? SOCKADDR_LENGTH : SOCKADDR6_LENGTH, 4);
        ByteBuffer bytes = sockaddr.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) family(address));
        bytes.putShort(2, (short) address.getPort());
        bytes.put(isIpv4 ? 4 : 8, address.getAddress().getAddress());
        return sockaddr;
    }

    private static int family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? Libc.AF_INET : AF_INET6;
    }

    private static void require(int result, String what) {
        if (result < 0) {
            throw new AssertionError(what + " failed");
        }
    }
}
