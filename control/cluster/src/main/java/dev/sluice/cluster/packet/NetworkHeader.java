package dev.sluice.cluster.packet;

import dev.sluice.cluster.packet.InnerPacket.Fault;
import dev.sluice.cluster.pool.Address;

/**
 * An IP header with IPv4's options or IPv6's extension headers, read to its end.
 *
 * @param length of the packet, by its header
 * @param transport offset in the frame of what follows
 * @param hint the same in all fragments of a datagram
 * @param label low 16 bits of IPv6's flow label
 */
record NetworkHeader(
        Address source,
        Address destination,
        int length,
        int transport,
        int protocol,
        int hint,
        int label,
        boolean isFragment,
        boolean isLaterFragment,
        boolean dontFragment) {

    /** Of reading bytes. */
    sealed interface Reading {
        record Of(NetworkHeader header) implements Reading {}

        record Not(Fault fault) implements Reading {}
    }

    boolean isIpv4() {
        return source.isIpv4();
    }

    boolean isIcmp() {
        return protocol == (isIpv4() ? Wire.ICMP : Wire.ICMPV6);
    }

    boolean hasPorts() {
        return protocol == Wire.TCP || protocol == Wire.UDP;
    }

    /**
     * @param type Ethernet's for the version of IP
     */
    static Reading read(Frame frame, int ip, int type) {
        return type == Wire.TYPE_IPV4 ? readIpv4(frame, ip) : readIpv6(frame, ip);
    }

    private static Reading readIpv4(Frame frame, int ip) {
        if (!frame.has(ip, Wire.IPV4_LENGTH)) {
            return new Reading.Not(Fault.TRUNCATED);
        }
        int header = (frame.u8(ip) & 15) * 4;
        int length = frame.u16(ip + Wire.IPV4_TOTAL_LENGTH);
        if (frame.u8(ip) >>> 4 != 4 || header < Wire.IPV4_LENGTH || length < header) {
            return new Reading.Not(Fault.MALFORMED);
        }
        int fragment = frame.u16(ip + Wire.IPV4_FRAGMENT);
        return new Reading.Of(
                new NetworkHeader(
                        frame.ipv4(ip + Wire.IPV4_SOURCE),
                        frame.ipv4(ip + Wire.IPV4_DESTINATION),
                        length,
                        ip + header,
                        frame.u8(ip + Wire.IPV4_PROTOCOL),
                        frame.u16(ip + Wire.IPV4_ID),
                        0,
                        (fragment & Wire.FRAGMENT_BITS) != 0,
                        (fragment & Wire.FRAGMENT_OFFSET) != 0,
                        (fragment & Wire.DONT_FRAGMENT) != 0));
    }

    private static Reading readIpv6(Frame frame, int ip) {
        if (!frame.has(ip, Wire.IPV6_LENGTH)) {
            return new Reading.Not(Fault.TRUNCATED);
        }
        if (frame.u8(ip) >>> 4 != 6) {
            return new Reading.Not(Fault.MALFORMED);
        }
        NetworkHeader header =
                new NetworkHeader(
                        frame.ipv6(ip + Wire.IPV6_SOURCE),
                        frame.ipv6(ip + Wire.IPV6_DESTINATION),
                        Wire.IPV6_LENGTH + frame.u16(ip + Wire.IPV6_PAYLOAD_LENGTH),
                        ip + Wire.IPV6_LENGTH,
                        frame.u8(ip + Wire.IPV6_NEXT),
                        0,
                        frame.u16(ip + 2),
                        false,
                        false,
                        true);
        return new ExtensionWalk(frame, ip).from(header);
    }

    /** RFC 8200 §4: from one extension header to the next, up to a limit. */
    private record ExtensionWalk(Frame frame, int ip) {
        Reading from(NetworkHeader start) {
            NetworkHeader at = start;
            for (int walked = 0; isExtension(at.protocol); walked++) {
                if (!frame.has(at.transport, Wire.EXTENSION_LENGTH)) {
                    return new Reading.Not(Fault.TRUNCATED);
                }
                boolean isSourceRoute =
                        at.protocol == Wire.ROUTING && frame.u8(at.transport + 3) != 0;
                if (isSourceRoute) {
                    return new Reading.Not(Fault.EXTENSIONS);
                }
                at = after(at);
                if (at.isLaterFragment) {
                    break;
                }
                if (walked == Wire.MAX_EXTENSIONS) {
                    return new Reading.Not(Fault.EXTENSIONS);
                }
            }
            return at.transport - ip > at.length
                    ? new Reading.Not(Fault.MALFORMED)
                    : new Reading.Of(at);
        }

        private static boolean isExtension(int protocol) {
            return switch (protocol) {
                case Wire.HOP_BY_HOP,
                        Wire.ROUTING,
                        Wire.FRAGMENT,
                        Wire.AUTHENTICATION,
                        Wire.DESTINATION_OPTIONS ->
                        true;
                default -> false;
            };
        }

        private NetworkHeader after(NetworkHeader at) {
            int extension = at.transport;
            int next = frame.u8(extension);
            int length = frame.u8(extension + 1);
            return switch (at.protocol) {
                case Wire.FRAGMENT -> fragment(at, next);
                case Wire.AUTHENTICATION -> at.walked(next, (length + 2) * 4);
                default -> at.walked(next, (length + 1) * 8);
            };
        }

        private NetworkHeader fragment(NetworkHeader at, int next) {
            int bits = frame.u16(at.transport + 2);
            return new NetworkHeader(
                    at.source,
                    at.destination,
                    at.length,
                    at.transport + Wire.EXTENSION_LENGTH,
                    next,
                    frame.u16(at.transport + 6),
                    at.label,
                    (bits & 0xfff9) != 0,
                    (bits & 0xfff8) != 0,
                    at.dontFragment);
        }
    }

    private NetworkHeader walked(int next, int bytes) {
        return new NetworkHeader(
                source,
                destination,
                length,
                transport + bytes,
                next,
                hint,
                label,
                isFragment,
                isLaterFragment,
                dontFragment);
    }
}
