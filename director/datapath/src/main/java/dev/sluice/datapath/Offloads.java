package dev.sluice.datapath;

import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Device features that encapsulation gets in the way of. */
public final class Offloads {
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_STXCSUM = 0x17;
    private static final int REQUEST_LENGTH = 40;
    private static final int REQUEST_NAME_LENGTH = 16;

    private Offloads() {}

    /**
     * Makes the kernel fill in checksums of what it sends out of a device, as {@code ethtool -K DEV
     * tx off} does. A veth device leaves them unfilled, since nothing gets lost on its wire; but a
     * packet that a director wraps would then arrive with a wrong one inside.
     *
     * @param device in the calling thread's network namespace
     */
    public static void disableTxChecksum(String device) {
        Libc.deviceIndex(device);
        try (Arena arena = Arena.ofConfined();
                Fd socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0)) {
            MemorySegment value = arena.allocate(8, 4);
            value.set(ValueLayout.JAVA_INT, 0, ETHTOOL_STXCSUM);
            MemorySegment request = arena.allocate(REQUEST_LENGTH, 8);
            request.setString(0, device);
            request.set(ValueLayout.ADDRESS, REQUEST_NAME_LENGTH, value);
            Libc.ioctl(
                    "turn checksum offload off on the device " + device,
                    socket,
                    SIOCETHTOOL,
                    request);
        }
    }
}
