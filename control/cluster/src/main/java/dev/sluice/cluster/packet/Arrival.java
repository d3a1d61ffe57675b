package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An encapsulated packet as it reaches a proxy host, read once.
 *
 * @param tunnel offset in the frame of what follows the outer IP header
 * @param client offset in the frame of the client's packet
 * @param sourcePort of the outer packet
 */
record Arrival(
        Link link,
        InnerPacket inner,
        RedirectRule.Packet packet,
        int tunnel,
        int client,
        int sourcePort) {
    static final int GUE = Wire.UDP_LENGTH;
    static final int PRIVATE = GUE + Wire.GUE_LENGTH;
    private static final int STAMP = PRIVATE + Wire.PRIVATE_HEAD_LENGTH;
    private static final int HLEN_MASK = 0x1f;

    /** Of reading a frame. */
    sealed interface Reading {
        record Of(Arrival arrival) implements Reading {}

        /** {@link RedirectCounter#PASS_OTHER} or why the frame is dropped. */
        record Not(RedirectCounter reason) implements Reading {}
    }

    /**
     * @param peers who may send; empty: anybody
     */
    static Reading read(Frame frame, Underlay self, Set<Address> peers) {
        return Link.read(frame)
                .flatMap(link -> outer(frame, link, self).map(o -> o.read(frame, peers)))
                .orElseGet(() -> new Reading.Not(RedirectCounter.PASS_OTHER));
    }

    private static Optional<Outer> outer(Frame frame, Link link, Underlay self) {
        return switch (link.type()) {
            case Wire.TYPE_IPV4 -> outer4(frame, link, self);
            case Wire.TYPE_IPV6 -> outer6(frame, link, self);
            default -> Optional.empty();
        };
    }

    private static Optional<Outer> outer4(Frame frame, Link link, Underlay self) {
        int ip = link.length();
        boolean isForThisHost =
                frame.has(ip, Wire.IPV4_LENGTH)
                        && frame.u8(ip) == Wire.PLAIN_VERSION_IHL
                        && (frame.u16(ip + Wire.IPV4_FRAGMENT) & Wire.FRAGMENT_BITS) == 0
                        && frame.u8(ip + Wire.IPV4_PROTOCOL) == Wire.UDP
                        && self.has(frame.ipv4(ip + Wire.IPV4_DESTINATION));
        return isForThisHost
                ? Optional.of(
                        new Outer(link, frame.ipv4(ip + Wire.IPV4_SOURCE), ip + Wire.IPV4_LENGTH))
                : Optional.empty();
    }

    private static Optional<Outer> outer6(Frame frame, Link link, Underlay self) {
        int ip = link.length();
        boolean isForThisHost =
                frame.has(ip, Wire.IPV6_LENGTH)
                        && frame.u8(ip) >>> 4 == 6
                        && frame.u8(ip + Wire.IPV6_NEXT) == Wire.UDP
                        && self.has(frame.ipv6(ip + Wire.IPV6_DESTINATION));
        return isForThisHost
                ? Optional.of(
                        new Outer(link, frame.ipv6(ip + Wire.IPV6_SOURCE), ip + Wire.IPV6_LENGTH))
                : Optional.empty();
    }

    private static Reading malformed() {
        return new Reading.Not(RedirectCounter.DROP_MALFORMED);
    }

    /** A packet for this host, read as far as its outer IP header. */
    private record Outer(Link link, Address source, int tunnel) {
        Reading read(Frame frame, Set<Address> peers) {
            boolean isEncapsulated =
                    frame.has(tunnel, Wire.UDP_LENGTH) && frame.u16(tunnel + 2) == Wire.GUE_PORT;
            if (!isEncapsulated) {
                return new Reading.Not(RedirectCounter.PASS_OTHER);
            }
            if (!peers.isEmpty() && !peers.contains(source)) {
                return new Reading.Not(RedirectCounter.DROP_SOURCE);
            }
            if (!frame.has(tunnel, PRIVATE + Wire.PRIVATE_HEAD_LENGTH)
                    || frame.u8(tunnel + GUE) > HLEN_MASK
                    || frame.u16(tunnel + GUE + 2) != 0) {
                return malformed();
            }
            return switch (frame.u8(tunnel + GUE + 1)) {
                case Wire.IPIP -> readPrivate(frame, Wire.TYPE_IPV4);
                case Wire.IPV6 -> readPrivate(frame, Wire.TYPE_IPV6);
                default -> malformed();
            };
        }

        private Reading readPrivate(Frame frame, int innerType) {
            boolean isIpv4 = source.isIpv4();
            int type = frame.u16(tunnel + PRIVATE);
            if (type == Wire.PRIVATE_GLB && isIpv4) {
                return readHops(frame, innerType, PoolSpec.Wire.GLB, 0);
            }
            return type == (isIpv4 ? Wire.PRIVATE_SLUICE : Wire.PRIVATE_SLUICE6)
                    ? readHops(frame, innerType, PoolSpec.Wire.SLUICE, Wire.STAMP_LENGTH)
                    : malformed();
        }

        private Reading readHops(Frame frame, int innerType, PoolSpec.Wire wire, int stampLength) {
            int hopLength = source.isIpv4() ? Wire.IPV4_ADDRESS : Wire.IPV6_ADDRESS;
            int count = frame.u8(tunnel + PRIVATE + Wire.PRIVATE_COUNT);
            int privateLength = Wire.PRIVATE_HEAD_LENGTH + stampLength + count * hopLength;
            int inner = tunnel + PRIVATE + privateLength;
            if (frame.u8(tunnel + GUE) * 4 != privateLength || !frame.has(inner, 0)) {
                return malformed();
            }
            List<Address> hops = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int at = tunnel + STAMP + stampLength + i * hopLength;
                hops.add(Address.of(frame.slice(at, hopLength)));
            }
            return switch (InnerPacket.read(frame, inner, innerType)) {
                case InnerPacket.Reading.Not(InnerPacket.Fault fault) ->
                        new Reading.Not(
                                fault == InnerPacket.Fault.PROTOCOL
                                        ? RedirectCounter.DROP_PROTOCOL
                                        : RedirectCounter.DROP_MALFORMED);
                case InnerPacket.Reading.Of(InnerPacket packet) ->
                        read(frame, wire, hops, inner, packet);
            };
        }

        private Reading read(
                Frame frame, PoolSpec.Wire wire, List<Address> hops, int at, InnerPacket inner) {
            int tcp = inner.transport();
            boolean isTcp = inner.kind() == InnerPacket.Kind.TCP;
            if (isTcp && !frame.has(tcp, Wire.TCP_LENGTH)) {
                return malformed();
            }
            boolean stamped = wire == PoolSpec.Wire.SLUICE;
            int stamp = tunnel + STAMP;
            RedirectRule.Packet packet =
                    new RedirectRule.Packet(
                            kind(inner),
                            isTcp ? frame.u8(tcp + Wire.TCP_FLAGS) : 0,
                            isTcp ? frame.i32(tcp + Wire.TCP_ACKNOWLEDGEMENT) : 0,
                            wire,
                            stamped ? frame.i64(stamp + Wire.STAMP_GENERATION) : 0,
                            stamped ? frame.u8(stamp + Wire.STAMP_RESCUES) : 0,
                            frame.u8(tunnel + PRIVATE + Wire.PRIVATE_NEXT),
                            hops);
            return new Reading.Of(new Arrival(link, inner, packet, tunnel, at, frame.u16(tunnel)));
        }

        private static RedirectRule.Kind kind(InnerPacket inner) {
            boolean aboutTcp = inner.flow().protocol() == Protocol.TCP;
            return switch (inner.kind()) {
                case TCP -> RedirectRule.Kind.TCP;
                case UDP -> RedirectRule.Kind.UDP;
                case ERROR -> aboutTcp ? RedirectRule.Kind.ERROR : RedirectRule.Kind.UDP_ERROR;
                case TOO_BIG -> aboutTcp ? RedirectRule.Kind.TOO_BIG : RedirectRule.Kind.UDP_ERROR;
                case ECHO, ECHO_FRAGMENT -> RedirectRule.Kind.STATELESS;
                case FRAGMENT ->
                        aboutTcp ? RedirectRule.Kind.TCP_FRAGMENT : RedirectRule.Kind.STATELESS;
            };
        }
    }
}
