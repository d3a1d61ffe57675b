package dev.sluice.cluster.packet;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The link layer of a frame, with up to two VLAN tags (802.1Q, 802.1ad), which stay on it.
 *
 * @param tags as in the frame
 * @param type of what follows the tags
 */
record Link(byte[] destination, byte[] source, byte[] tags, int type) {

    /** Empty if the frame ends in it. */
    static Optional<Link> read(Frame frame) {
        if (!frame.has(0, Wire.ETHERNET_LENGTH)) {
            return Optional.empty();
        }
        int at = Wire.ETHERNET_TYPE;
        for (int i = 0; i < Wire.MAX_TAGS && isTag(frame.u16(at)); i++) {
            at += Wire.TAG_LENGTH;
            if (!frame.has(at, 2)) {
                return Optional.empty();
            }
        }
        return Optional.of(
                new Link(
                        frame.slice(0, Wire.MAC_LENGTH),
                        frame.slice(Wire.ETHERNET_SOURCE, Wire.MAC_LENGTH),
                        frame.slice(Wire.ETHERNET_TYPE, at - Wire.ETHERNET_TYPE),
                        frame.u16(at)));
    }

    private static boolean isTag(int type) {
        return type == Wire.TYPE_VLAN || type == Wire.TYPE_QINQ;
    }

    int length() {
        return Wire.ETHERNET_LENGTH + tags.length;
    }

    boolean isIp() {
        return type == Wire.TYPE_IPV4 || type == Wire.TYPE_IPV6;
    }

    /** Of what goes on from the host that this frame came to. */
    Link sentTo(byte[] mac, int newType) {
        return new Link(mac, destination, tags, newType);
    }

    Link withType(int newType) {
        return new Link(destination, source, tags, newType);
    }

    void put(ByteBuffer out) {
        out.put(destination).put(source).put(tags).putShort((short) type);
    }

    /** A frame of this link layer, headers, and the rest of another frame. */
    byte[] frame(byte[] headers, Frame rest, int from) {
        ByteBuffer out = ByteBuffer.allocate(length() + headers.length + rest.length() - from);
        put(out);
        return out.put(headers).put(rest.slice(from, rest.length() - from)).array();
    }
}
