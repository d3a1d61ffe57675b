package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;

import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Encapsulation} wrote. */
public final class OuterHeaders {
    private static final int PRIVATE = Wire.UDP_LENGTH + Wire.GUE_LENGTH;

    private OuterHeaders() {}

    /**
     * The chain that a frame carries, as it left a director: where it goes, and the hops after
     * that.
     *
     * @throws IndexOutOfBoundsException if the frame does not hold it
     */
    public static List<Address> chain(byte[] bytes) {
        Frame frame = Frame.of(bytes);
        Link link = Link.read(frame).orElseThrow(IndexOutOfBoundsException::new);
        boolean isIpv4 = link.type() == Wire.TYPE_IPV4;
        int ip = link.length();
        int hopLength = isIpv4 ? Wire.IPV4_ADDRESS : Wire.IPV6_ADDRESS;
        int head = ip + (isIpv4 ? Wire.IPV4_LENGTH : Wire.IPV6_LENGTH) + PRIVATE;
        int destination = ip + (isIpv4 ? Wire.IPV4_DESTINATION : Wire.IPV6_DESTINATION);
        List<Address> chain = new ArrayList<>();
        chain.add(Address.of(frame.slice(destination, hopLength)));
        int stamp = frame.u16(head) == Wire.PRIVATE_GLB ? 0 : Wire.STAMP_LENGTH;
        int hops = head + Wire.PRIVATE_HEAD_LENGTH + stamp;
        for (int i = 0; i < frame.u8(head + Wire.PRIVATE_COUNT); i++) {
            chain.add(Address.of(frame.slice(hops + i * hopLength, hopLength)));
        }
        return chain;
    }
}
