package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;

import java.util.ArrayList;
import java.util.List;

/**
 * An encapsulated packet as it reaches a proxy host, read once.
 *
 * @param outerLength of all headers between Ethernet and the client's packet
 * @param sourcePort of the outer packet
 */
record Arrival(InnerPacket inner, RedirectRule.Packet packet, int outerLength, int sourcePort) {
    private static final int OUTER_IP = Wire.ETHERNET_LENGTH;
    static final int OUTER_UDP = OUTER_IP + Wire.IPV4_LENGTH;
    private static final int GUE = OUTER_UDP + Wire.UDP_LENGTH;
    static final int PRIVATE = GUE + Wire.GUE_LENGTH;
    private static final int STAMP = PRIVATE + Wire.PRIVATE_HEAD_LENGTH;
    private static final int HLEN_MASK = 0x1f;

    /** Of reading a frame. */
    sealed interface Reading {
        record Of(Arrival arrival) implements Reading {}

        /** {@link RedirectCounter#PASS_OTHER} or why the frame is dropped. */
        record Not(RedirectCounter reason) implements Reading {}
    }

    static Reading read(Frame frame, Address self) {
        if (!isForThisHost(frame, self)) {
            return new Reading.Not(RedirectCounter.PASS_OTHER);
        }
        if (!frame.has(PRIVATE, Wire.PRIVATE_HEAD_LENGTH)
                || frame.u8(GUE) > HLEN_MASK
                || frame.u16(GUE + 2) != 0) {
            return malformed();
        }
        return switch (frame.u8(GUE + 1)) {
            case Wire.IPV6 -> new Reading.Not(RedirectCounter.DROP_IPV6);
            case Wire.IPIP -> readPrivate(frame);
            default -> malformed();
        };
    }

    private static Reading malformed() {
        return new Reading.Not(RedirectCounter.DROP_MALFORMED);
    }

    private static boolean isForThisHost(Frame frame, Address self) {
        return frame.has(OUTER_UDP, Wire.UDP_LENGTH)
                && frame.u16(Wire.ETHERNET_TYPE) == Wire.TYPE_IPV4
                && frame.u8(OUTER_IP) == Wire.PLAIN_VERSION_IHL
                && (frame.u16(OUTER_IP + Wire.IPV4_FRAGMENT) & Wire.FRAGMENT_BITS) == 0
                && frame.u8(OUTER_IP + Wire.IPV4_PROTOCOL) == Wire.UDP
                && frame.ipv4(OUTER_IP + Wire.IPV4_DESTINATION).equals(self)
                && frame.u16(OUTER_UDP + 2) == Wire.GUE_PORT;
    }

    private static Reading readPrivate(Frame frame) {
        return switch (frame.u16(PRIVATE)) {
            case Wire.PRIVATE_GLB -> readHops(frame, PoolSpec.Wire.GLB, 0);
            case Wire.PRIVATE_SLUICE -> readHops(frame, PoolSpec.Wire.SLUICE, Wire.STAMP_LENGTH);
            default -> malformed();
        };
    }

    private static Reading readHops(Frame frame, PoolSpec.Wire wire, int stampLength) {
        int count = frame.u8(PRIVATE + Wire.PRIVATE_COUNT);
        int privateLength = Wire.PRIVATE_HEAD_LENGTH + stampLength + count * Wire.HOP_LENGTH;
        int inner = PRIVATE + privateLength;
        if (frame.u8(GUE) * 4 != privateLength || !frame.has(0, inner)) {
            return malformed();
        }
        List<Address> hops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hops.add(frame.ipv4(STAMP + stampLength + i * Wire.HOP_LENGTH));
        }
        return switch (InnerPacket.read(frame, inner)) {
            case InnerPacket.Reading.Not(InnerPacket.Fault fault) -> new Reading.Not(reason(fault));
            case InnerPacket.Reading.Of(InnerPacket packet) ->
                    read(frame, wire, hops, inner, packet);
        };
    }

    private static RedirectCounter reason(InnerPacket.Fault fault) {
        return switch (fault) {
            case PROTOCOL -> RedirectCounter.DROP_PROTOCOL;
            case FRAGMENT -> RedirectCounter.DROP_FRAGMENT;
            case TRUNCATED, MALFORMED, OPTIONS, QUOTE -> RedirectCounter.DROP_MALFORMED;
        };
    }

    private static Reading read(
            Frame frame, PoolSpec.Wire wire, List<Address> hops, int at, InnerPacket inner) {
        int tcp = at + Wire.IPV4_LENGTH;
        boolean isTcp = inner.kind() == InnerPacket.Kind.TCP;
        if (isTcp && !frame.has(tcp, Wire.TCP_LENGTH)) {
            return malformed();
        }
        boolean stamped = wire == PoolSpec.Wire.SLUICE;
        RedirectRule.Packet packet =
                new RedirectRule.Packet(
                        kind(inner),
                        isTcp ? frame.u8(tcp + Wire.TCP_FLAGS) : 0,
                        isTcp ? frame.i32(tcp + Wire.TCP_ACKNOWLEDGEMENT) : 0,
                        wire,
                        stamped ? frame.i64(STAMP + Wire.STAMP_GENERATION) : 0,
                        stamped ? frame.u8(STAMP + Wire.STAMP_RESCUES) : 0,
                        frame.u8(PRIVATE + Wire.PRIVATE_NEXT),
                        hops);
        return new Reading.Of(
                new Arrival(inner, packet, at - Wire.ETHERNET_LENGTH, frame.u16(OUTER_UDP)));
    }

    private static RedirectRule.Kind kind(InnerPacket inner) {
        boolean aboutTcp = inner.flow().protocol() == Protocol.TCP;
        return switch (inner.kind()) {
            case TCP -> RedirectRule.Kind.TCP;
            case ERROR -> aboutTcp ? RedirectRule.Kind.ERROR : RedirectRule.Kind.STATELESS;
            case TOO_BIG -> aboutTcp ? RedirectRule.Kind.TOO_BIG : RedirectRule.Kind.STATELESS;
            case UDP, ECHO -> RedirectRule.Kind.STATELESS;
        };
    }
}
