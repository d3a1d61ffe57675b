package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;

import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Encapsulation} wrote. */
public final class OuterHeaders {
    private static final int PRIVATE = Wire.UDP_LENGTH + Wire.GUE_LENGTH;

    private OuterHeaders() {}

    /** Where the headers of a frame are. */
    private record Place(Frame frame, Link link, int hopLength) {
        static Place in(byte[] bytes) {
            Frame frame = Frame.of(bytes);
            Link link = Link.read(frame).orElseThrow(IndexOutOfBoundsException::new);
            boolean isIpv4 = link.type() == Wire.TYPE_IPV4;
            return new Place(frame, link, isIpv4 ? Wire.IPV4_ADDRESS : Wire.IPV6_ADDRESS);
        }

        boolean isIpv4() {
            return hopLength == Wire.IPV4_ADDRESS;
        }

        int destination() {
            return link.length() + (isIpv4() ? Wire.IPV4_DESTINATION : Wire.IPV6_DESTINATION);
        }

        int privateHead() {
            return link.length() + (isIpv4() ? Wire.IPV4_LENGTH : Wire.IPV6_LENGTH) + PRIVATE;
        }

        /** Of the list in the private data. */
        int hop(int index) {
            int stamp = frame.u16(privateHead()) == Wire.PRIVATE_GLB ? 0 : Wire.STAMP_LENGTH;
            return privateHead() + Wire.PRIVATE_HEAD_LENGTH + stamp + index * hopLength;
        }

        int hops() {
            return frame.u8(privateHead() + Wire.PRIVATE_COUNT);
        }
    }

    /**
     * The chain that a frame carries, as it left a director: where it goes, and the hops after
     * that.
     *
     * @throws IndexOutOfBoundsException if the frame does not hold it
     */
    public static List<Address> chain(byte[] bytes) {
        Place place = Place.in(bytes);
        List<Address> chain = new ArrayList<>();
        chain.add(Address.of(place.frame().slice(place.destination(), place.hopLength())));
        for (int i = 0; i < place.hops(); i++) {
            chain.add(Address.of(place.frame().slice(place.hop(i), place.hopLength())));
        }
        return chain;
    }

    /**
     * The frame with the client's packet right behind its link layer.
     *
     * @throws IndexOutOfBoundsException if the frame does not hold it
     */
    public static byte[] strip(byte[] bytes) {
        Place place = Place.in(bytes);
        int client = place.hop(place.hops());
        int type = place.frame().u8(client) >> 4 == 4 ? Wire.TYPE_IPV4 : Wire.TYPE_IPV6;
        return place.link().withType(type).frame(new byte[0], place.frame(), client);
    }
}
