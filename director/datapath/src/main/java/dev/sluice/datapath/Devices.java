package dev.sluice.datapath;

import dev.sluice.cluster.packet.Underlay;
import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the kernel says of devices in the calling thread's network namespace. */
final class Devices {
    private static final long SIOCGIFMTU = 0x8921;
    private static final int REQUEST_LENGTH = 40;
    private static final int REQUEST_NAME_LENGTH = 16;

    private Devices() {}

    /** With the device's MTU if none is said. */
    static Underlay withMtu(Underlay underlay, String device) {
        return underlay.mtu() > 0 ? underlay : underlay.withMtu(mtu(device));
    }

    /** Bytes of the largest IP packet that the device takes. */
    static int mtu(String device) {
        Libc.deviceIndex(device);
        try (Arena arena = Arena.ofConfined();
                Fd socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0)) {
            MemorySegment request = arena.allocate(REQUEST_LENGTH, 8);
            request.setString(0, device);
            Libc.ioctl("read the MTU of the device " + device, socket, SIOCGIFMTU, request);
            return request.get(ValueLayout.JAVA_INT, REQUEST_NAME_LENGTH);
        }
    }
}
