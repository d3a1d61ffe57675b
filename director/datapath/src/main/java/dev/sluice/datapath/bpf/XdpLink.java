package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * The attachment of an XDP program to a device. Closing it closes the descriptor: a pinned link
 * stays attached, one without a pin is detached.
 */
public final class XdpLink implements AutoCloseable {
    private static final int ATTACH_TYPE_XDP = 37;
    private static final int LINK_INFO_IFINDEX = 16;

    /** Of {@code bpf_link_create_opts}, as far as it is used: its own length, then the flags. */
    private static final int OPTIONS_FLAGS = 8;

    private static final int OPTIONS_LENGTH = 16;

    private final Fd fd;

    private XdpLink(Fd fd) {
        this.fd = fd;
    }

    /**
     * Attaches to a device of the calling thread's network namespace, in the driver if that can do
     * XDP.
     */
    public static XdpLink attach(BpfProgram program, String device) {
        return attach(program, device, XdpMode.AUTO);
    }

    /** Attaches to a device of the calling thread's network namespace. */
    public static XdpLink attach(BpfProgram program, String device, XdpMode mode) {
        int fd = create(program, Libc.deviceIndex(device), mode);
        if (fd == -Errno.EBUSY || fd == -Errno.EEXIST) {
            throw new DatapathException(
                    "the device "
                            + device
                            + " runs another XDP program; 'ip link set "
                            + device
                            + " xdp off', or remove the pins of the link that holds it");
        }
        return new XdpLink(new Fd(Errno.check(fd, "attach XDP to the device " + device)));
    }

    private static int create(BpfProgram program, int ifindex, XdpMode mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = arena.allocate(OPTIONS_LENGTH, Long.BYTES);
            options.set(ValueLayout.JAVA_LONG, 0, OPTIONS_LENGTH);
            options.set(ValueLayout.JAVA_INT, OPTIONS_FLAGS, mode.flags);
            return Libbpf.LINK_CREATE.call(program.fd(), ifindex, ATTACH_TYPE_XDP, options);
        }
    }

    public static XdpLink openPinned(Path pin) {
        return new XdpLink(BpfFs.open(pin));
    }

    public void pin(Path path) {
        BpfFs.pin(fd.number(), path);
    }

    /** Puts another program in place of the present one; every packet meets one of the two. */
    public void update(BpfProgram program) {
        Errno.check(
                Libbpf.LINK_UPDATE.call(fd.number(), program.fd(), MemorySegment.NULL),
                "replace an attached program");
    }

    /** Ends the attachment now, pinned or not. Removing a pin alone ends it some time later. */
    public void detach() {
        Errno.check(Libbpf.LINK_DETACH.call(fd.number()), "detach an XDP program");
    }

    /**
     * @return 0 if the device is gone, and with it the attachment
     */
    public int deviceIndex() {
        try (Arena arena = Arena.ofConfined()) {
            return BpfMap.info(fd.number(), "an XDP link", arena)
                    .get(ValueLayout.JAVA_INT, LINK_INFO_IFINDEX);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
