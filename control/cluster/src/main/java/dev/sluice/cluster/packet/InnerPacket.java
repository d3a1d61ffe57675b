package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;

import java.util.Optional;

/**
 * The client's packet: on a director as it arrives, on a proxy host inside the encapsulation.
 *
 * @param flow that it belongs to; of an ICMP error that of the quoted packet, turned round; of
 *     other ICMP and of fragments one without ports
 * @param length of the whole packet, by its own header
 * @param transport offset in the frame of what follows the IP headers
 * @param portHint varies the outer source port
 */
record InnerPacket(
        FlowKey flow, Kind kind, int length, int transport, int portHint, boolean dontFragment) {

    enum Kind {
        TCP,
        UDP,
        /** An ICMP error about a flow. */
        ERROR,
        /** The ICMP error that path MTU discovery lives on. */
        TOO_BIG,
        /** ICMP that belongs to a VIP, not to a flow. */
        ECHO,
        /** One of several fragments of a TCP segment or UDP datagram. */
        FRAGMENT,
        /** One of several fragments of an ICMP message. */
        ECHO_FRAGMENT;

        boolean isError() {
            return this == ERROR || this == TOO_BIG;
        }

        boolean isFragment() {
            return this == FRAGMENT || this == ECHO_FRAGMENT;
        }

        /** Whether it belongs to a VIP as a whole. */
        boolean isIcmpOfVip() {
            return this == ECHO || this == ECHO_FRAGMENT;
        }
    }

    /** Why bytes are no candidate for any pool. */
    enum Fault {
        TRUNCATED,
        MALFORMED,
        EXTENSIONS,
        PROTOCOL,
        /** The quoted packet tells no flow of ours. */
        QUOTE
    }

    /** Of reading bytes. */
    sealed interface Reading {
        record Of(InnerPacket packet) implements Reading {}

        record Not(Fault fault) implements Reading {}
    }

    boolean isIpv4() {
        return flow.destination().isIpv4();
    }

    /**
     * Reads the packet whose IP header is at an offset.
     *
     * @param type Ethernet's for the version of IP
     */
    static Reading read(Frame frame, int ip, int type) {
        return switch (NetworkHeader.read(frame, ip, type)) {
            case NetworkHeader.Reading.Not(Fault fault) -> new Reading.Not(fault);
            case NetworkHeader.Reading.Of(NetworkHeader header) ->
                    new InnerReader(frame, ip, type, header).read();
        };
    }

    /** Reads on behind the IP header. */
    private record InnerReader(Frame frame, int ip, int type, NetworkHeader header) {
        Reading read() {
            if (!header.isIcmp() && !header.hasPorts()) {
                return new Reading.Not(Fault.PROTOCOL);
            }
            if (header.isFragment()) {
                Kind kind = header.isIcmp() ? Kind.ECHO_FRAGMENT : Kind.FRAGMENT;
                return of(withoutPorts(), kind, header.hint());
            }
            if (header.transport() - ip + Wire.PORTS_LENGTH > header.length()) {
                return new Reading.Not(Fault.MALFORMED);
            }
            return header.isIcmp() ? readIcmp() : readPorts();
        }

        private Reading readPorts() {
            int ports = header.transport();
            if (!frame.has(ports, Wire.PORTS_LENGTH)) {
                return new Reading.Not(Fault.TRUNCATED);
            }
            boolean isTcp = header.protocol() == Wire.TCP;
            int source = frame.u16(ports);
            FlowKey flow =
                    new FlowKey(
                            protocol(header),
                            header.source(),
                            source,
                            header.destination(),
                            frame.u16(ports + 2));
            return of(flow, isTcp ? Kind.TCP : Kind.UDP, source);
        }

        private Reading readIcmp() {
            if (!frame.has(header.transport(), Wire.ICMP_LENGTH)) {
                return new Reading.Not(Fault.TRUNCATED);
            }
            int message = frame.u8(header.transport());
            int code = frame.u8(header.transport() + 1);
            Optional<Kind> kind = header.isIpv4() ? kindOf4(message, code) : kindOf6(message);
            if (kind.isEmpty()) {
                return new Reading.Not(Fault.PROTOCOL);
            }
            return kind.get().isError()
                    ? readQuote(kind.get())
                    : of(
                            withoutPorts(),
                            Kind.ECHO,
                            header.isIpv4() ? header.hint() : header.label());
        }

        private static Optional<Kind> kindOf4(int message, int code) {
            return switch (message) {
                case Wire.ICMP_UNREACHABLE ->
                        Optional.of(code == Wire.ICMP_TOO_BIG_CODE ? Kind.TOO_BIG : Kind.ERROR);
                case Wire.ICMP_SOURCE_QUENCH,
                        Wire.ICMP_TIME_EXCEEDED,
                        Wire.ICMP_PARAMETER_PROBLEM ->
                        Optional.of(Kind.ERROR);
                case Wire.ICMP_REDIRECT -> Optional.empty();
                default -> Optional.of(Kind.ECHO);
            };
        }

        /** Of the others, neighbour discovery above all, none concerns a VIP. */
        private static Optional<Kind> kindOf6(int message) {
            if (message == Wire.ICMPV6_TOO_BIG) {
                return Optional.of(Kind.TOO_BIG);
            }
            if (message >= Wire.ICMPV6_UNREACHABLE && message <= Wire.ICMPV6_PARAMETER_PROBLEM) {
                return Optional.of(Kind.ERROR);
            }
            return message == Wire.ICMPV6_ECHO_REQUEST || message == Wire.ICMPV6_ECHO_REPLY
                    ? Optional.of(Kind.ECHO)
                    : Optional.empty();
        }

        /** The quoted packet is one that we sent: its source is the VIP. */
        private Reading readQuote(Kind kind) {
            int quoted = header.transport() + Wire.ICMP_LENGTH;
            return switch (NetworkHeader.read(frame, quoted, type)) {
                case NetworkHeader.Reading.Not(Fault fault) ->
                        new Reading.Not(fault == Fault.TRUNCATED ? fault : Fault.QUOTE);
                case NetworkHeader.Reading.Of(NetworkHeader quote) -> readQuote(kind, quote);
            };
        }

        private Reading readQuote(Kind kind, NetworkHeader quote) {
            if (quote.isLaterFragment()
                    || !quote.source().equals(header.destination())
                    || !quote.hasPorts()) {
                return new Reading.Not(Fault.QUOTE);
            }
            if (!frame.has(quote.transport(), Wire.PORTS_LENGTH)) {
                return new Reading.Not(Fault.TRUNCATED);
            }
            int clientPort = frame.u16(quote.transport() + 2);
            Address client = quote.destination();
            Address vip = quote.source();
            FlowKey flow =
                    new FlowKey(
                            protocol(quote), client, clientPort, vip, frame.u16(quote.transport()));
            return of(flow, kind, clientPort);
        }

        private FlowKey withoutPorts() {
            Address client = header.source();
            return new FlowKey(protocol(header), client, 0, header.destination(), 0);
        }

        private static Protocol protocol(NetworkHeader header) {
            return header.protocol() == Wire.UDP ? Protocol.UDP : Protocol.TCP;
        }

        private Reading of(FlowKey flow, Kind kind, int portHint) {
            return new Reading.Of(
                    new InnerPacket(
                            flow,
                            kind,
                            header.length(),
                            header.transport(),
                            portHint,
                            header.dontFragment()));
        }
    }
}
