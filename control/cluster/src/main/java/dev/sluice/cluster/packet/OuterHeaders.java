package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;

import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Encapsulation} wrote. */
public final class OuterHeaders {
    private static final int PRIVATE =
            Wire.ETHERNET_LENGTH + Wire.IPV4_LENGTH + Wire.UDP_LENGTH + Wire.GUE_LENGTH;

    private OuterHeaders() {}

    /**
     * The chain that a frame carries, as it left a director: where it goes, and the hops after
     * that.
     *
     * @throws IndexOutOfBoundsException if the frame does not hold it
     */
    public static List<Address> chain(byte[] bytes) {
        Frame frame = Frame.of(bytes);
        List<Address> chain = new ArrayList<>();
        chain.add(frame.ipv4(Wire.ETHERNET_LENGTH + Wire.IPV4_DESTINATION));
        int stamp = frame.u16(PRIVATE) == Wire.PRIVATE_SLUICE ? Wire.STAMP_LENGTH : 0;
        int hops = PRIVATE + Wire.PRIVATE_HEAD_LENGTH + stamp;
        for (int i = 0; i < frame.u8(PRIVATE + Wire.PRIVATE_COUNT); i++) {
            chain.add(frame.ipv4(hops + i * Wire.HOP_LENGTH));
        }
        return chain;
    }
}
