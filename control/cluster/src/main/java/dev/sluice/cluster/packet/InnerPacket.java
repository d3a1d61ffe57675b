package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;

/**
 * The client's IPv4 packet: on a director as it arrives, on a proxy host inside the encapsulation.
 *
 * @param flow that it belongs to; of an ICMP error that of the quoted packet, turned round; of
 *     other ICMP one without ports
 * @param length of the whole packet, by its own header
 * @param portHint varies the outer source port
 */
record InnerPacket(FlowKey flow, Kind kind, int length, int portHint) {

    enum Kind {
        TCP,
        UDP,
        /** An ICMP error about a flow. */
        ERROR,
        /** The ICMP error that path MTU discovery lives on. */
        TOO_BIG,
        /** Any other ICMP. */
        ECHO;

        boolean isError() {
            return this == ERROR || this == TOO_BIG;
        }
    }

    /** Why bytes are no candidate for any pool. */
    enum Fault {
        TRUNCATED,
        MALFORMED,
        OPTIONS,
        FRAGMENT,
        PROTOCOL,
        /** The quoted packet tells no flow of ours. */
        QUOTE
    }

    /** Of reading bytes. */
    sealed interface Reading {
        record Of(InnerPacket packet) implements Reading {}

        record Not(Fault fault) implements Reading {}
    }

    /** Reads the packet whose IPv4 header is at an offset. */
    static Reading read(Frame frame, int ip) {
        if (!frame.has(ip, Wire.IPV4_LENGTH)) {
            return new Reading.Not(Fault.TRUNCATED);
        }
        if (!isIpv4(frame, ip)) {
            return new Reading.Not(Fault.MALFORMED);
        }
        if (frame.u8(ip) != Wire.PLAIN_VERSION_IHL) {
            return new Reading.Not(Fault.OPTIONS);
        }
        if ((frame.u16(ip + Wire.IPV4_FRAGMENT) & Wire.FRAGMENT_BITS) != 0) {
            return new Reading.Not(Fault.FRAGMENT);
        }
        if (frame.u16(ip + Wire.IPV4_TOTAL_LENGTH) < Wire.IPV4_LENGTH) {
            return new Reading.Not(Fault.MALFORMED);
        }
        return switch (frame.u8(ip + Wire.IPV4_PROTOCOL)) {
            case Wire.ICMP -> readIcmp(frame, ip);
            case Wire.TCP -> readPorts(frame, ip, Kind.TCP, Protocol.TCP);
            case Wire.UDP -> readPorts(frame, ip, Kind.UDP, Protocol.UDP);
            default -> new Reading.Not(Fault.PROTOCOL);
        };
    }

    private static boolean isIpv4(Frame frame, int ip) {
        return frame.u8(ip) >>> 4 == 4 && (frame.u8(ip) & 15) >= 5;
    }

    private static Reading readPorts(Frame frame, int ip, Kind kind, Protocol protocol) {
        int ports = ip + Wire.IPV4_LENGTH;
        if (!frame.has(ports, Wire.PORTS_LENGTH)) {
            return new Reading.Not(Fault.TRUNCATED);
        }
        int source = frame.u16(ports);
        FlowKey flow =
                new FlowKey(
                        protocol,
                        frame.ipv4(ip + Wire.IPV4_SOURCE),
                        source,
                        frame.ipv4(ip + Wire.IPV4_DESTINATION),
                        frame.u16(ports + 2));
        return packet(frame, ip, flow, kind, source);
    }

    private static Reading readIcmp(Frame frame, int ip) {
        int icmp = ip + Wire.IPV4_LENGTH;
        if (!frame.has(icmp, Wire.ICMP_LENGTH)) {
            return new Reading.Not(Fault.TRUNCATED);
        }
        return switch (frame.u8(icmp)) {
            case Wire.ICMP_UNREACHABLE ->
                    readQuote(
                            frame,
                            ip,
                            frame.u8(icmp + 1) == Wire.ICMP_TOO_BIG_CODE
                                    ? Kind.TOO_BIG
                                    : Kind.ERROR);
            case Wire.ICMP_SOURCE_QUENCH, Wire.ICMP_TIME_EXCEEDED, Wire.ICMP_PARAMETER_PROBLEM ->
                    readQuote(frame, ip, Kind.ERROR);
            case Wire.ICMP_REDIRECT -> new Reading.Not(Fault.PROTOCOL);
            default -> readEcho(frame, ip);
        };
    }

    private static Reading readEcho(Frame frame, int ip) {
        FlowKey flow =
                new FlowKey(
                        Protocol.TCP,
                        frame.ipv4(ip + Wire.IPV4_SOURCE),
                        0,
                        frame.ipv4(ip + Wire.IPV4_DESTINATION),
                        0);
        return packet(frame, ip, flow, Kind.ECHO, frame.u16(ip + Wire.IPV4_ID));
    }

    /** The quoted packet is one that we sent: its source is the VIP. */
    private static Reading readQuote(Frame frame, int ip, Kind kind) {
        int quoted = ip + Wire.IPV4_LENGTH + Wire.ICMP_LENGTH;
        int ports = quoted + Wire.IPV4_LENGTH;
        if (!frame.has(ports, Wire.PORTS_LENGTH)) {
            return new Reading.Not(Fault.TRUNCATED);
        }
        int protocol = frame.u8(quoted + Wire.IPV4_PROTOCOL);
        Address vip = frame.ipv4(quoted + Wire.IPV4_SOURCE);
        boolean ours =
                frame.u8(quoted) == Wire.PLAIN_VERSION_IHL
                        && (frame.u16(quoted + Wire.IPV4_FRAGMENT) & Wire.FRAGMENT_OFFSET) == 0
                        && vip.equals(frame.ipv4(ip + Wire.IPV4_DESTINATION))
                        && (protocol == Wire.TCP || protocol == Wire.UDP);
        if (!ours) {
            return new Reading.Not(Fault.QUOTE);
        }
        int clientPort = frame.u16(ports + 2);
        FlowKey flow =
                new FlowKey(
                        protocol == Wire.TCP ? Protocol.TCP : Protocol.UDP,
                        frame.ipv4(quoted + Wire.IPV4_DESTINATION),
                        clientPort,
                        vip,
                        frame.u16(ports));
        return packet(frame, ip, flow, kind, clientPort);
    }

    private static Reading packet(Frame frame, int ip, FlowKey flow, Kind kind, int portHint) {
        return new Reading.Of(
                new InnerPacket(flow, kind, frame.u16(ip + Wire.IPV4_TOTAL_LENGTH), portHint));
    }
}
