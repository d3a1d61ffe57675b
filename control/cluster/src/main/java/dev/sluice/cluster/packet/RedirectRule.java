package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;

import java.util.List;
import java.util.Optional;

/**
 * What a proxy host does with a packet that a director or another proxy host sent it: PROTOCOL
 * rules 16 to 20, and GLB's rule for GLB's format. A pure function; the BPF program {@code
 * redirect} decides the same.
 */
public final class RedirectRule {
    /** A packet gets a newer chain at most so often. */
    public static final int MAX_RESCUES = 2;

    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;

    private RedirectRule() {}

    /** What the host's kernel has for a packet's addresses and ports. */
    public sealed interface Socket {
        /** No socket at all. */
        record None() implements Socket {}

        /**
         * @param cookieIsValid the packet acknowledges a SYN cookie that this host sent
         */
        record Listener(boolean cookieIsValid) implements Socket {}

        /**
         * A handshake that waits for its last packet.
         *
         * @param sentIsn sequence number of the SYN-ACK
         */
        record Request(int sentIsn) implements Socket {}

        /** A flow that is over; its kernel would make a new one of a SYN. */
        record TimeWait() implements Socket {}

        /** Any other. */
        record Flow() implements Socket {}
    }

    /**
     * @param self this host's address on the underlay
     * @param installed generation of the table this host works with
     * @param chain of the packet's row in that table
     * @param open how many of the chain's first hops may take new flows
     * @param confirmed the table is known to be current (rule 20)
     */
    public record Host(
            Address self,
            long installed,
            List<Address> chain,
            int open,
            boolean confirmed,
            Socket socket) {
        public Host {
            chain = List.copyOf(chain);
        }

        boolean isOpen() {
            return chain.subList(0, open).contains(self);
        }

        /** Nobody is in the chain for older flows only. */
        boolean isSettled() {
            return open == chain.size();
        }

        List<Address> others() {
            return chain.stream().filter(hop -> !hop.equals(self)).toList();
        }

        int openOthers() {
            return isOpen() ? open - 1 : open;
        }
    }

    /** What is inside. */
    public enum Kind {
        TCP,
        /** An ICMP error about a TCP flow. */
        ERROR,
        /** The ICMP error "fragmentation needed" about a TCP flow. */
        TOO_BIG,
        /** What no socket could tell: echo requests, fragments of datagrams. */
        STATELESS,
        UDP,
        /** An ICMP error about a UDP flow. */
        UDP_ERROR,
        /** A part of a TCP segment, of which no socket can be asked. */
        TCP_FRAGMENT
    }

    /**
     * @param tcpFlags the octet of the TCP header; 0 if it is not TCP
     * @param acknowledgement of the TCP header
     * @param stamp generation of whoever chose the chain; of no meaning in GLB's format
     * @param next index in {@code hops} of the one after this host
     * @param hops the list in the packet: the chain without its first hop
     */
    public record Packet(
            Kind kind,
            int tcpFlags,
            int acknowledgement,
            PoolSpec.Wire wire,
            long stamp,
            int rescues,
            int next,
            List<Address> hops) {
        public Packet {
            hops = List.copyOf(hops);
        }

        /** A flow's first packet; one that carries an acknowledgement or a reset is none. */
        boolean isSyn() {
            return (tcpFlags & (SYN | ACK | RST)) == SYN;
        }

        boolean isReset() {
            return (tcpFlags & RST) != 0;
        }

        boolean hasAck() {
            return (tcpFlags & ACK) != 0;
        }

        boolean isBareAck() {
            return (tcpFlags & (ACK | SYN | RST | FIN)) == ACK;
        }

        boolean isError() {
            return kind == Kind.ERROR || kind == Kind.TOO_BIG || kind == Kind.UDP_ERROR;
        }

        boolean isLast() {
            return next >= hops.size();
        }

        /** Whether it comes to this host as a later hop than the first, or by rescue. */
        boolean isSecondChance() {
            return next > 0 || rescues > 0;
        }
    }

    /** The decision. */
    public sealed interface Verdict {
        /** To the host's own stack. */
        record Keep(RedirectCounter reason) implements Verdict {}

        /** Sent on to the next hop of the packet's own chain. */
        record Next(Address hop) implements Verdict {}

        /**
         * Sent on with a new chain; a datagram to one host that takes new flows.
         *
         * @param hops this host's chain of the row, without this host
         * @param open how many of the first hops may take new flows
         * @param generation the new stamp
         * @param rescues how many there were, with this one
         */
        record Rescue(List<Address> hops, int open, long generation, int rescues)
                implements Verdict {
            public Rescue {
                hops = List.copyOf(hops);
            }
        }

        record Drop(RedirectCounter reason) implements Verdict {}
    }

    public static Verdict judge(Host host, Packet packet) {
        if (packet.kind() == Kind.TCP_FRAGMENT) {
            return judgeFragment(host);
        }
        if (isStateless(packet)) {
            return new Verdict.Keep(RedirectCounter.KEPT_STATELESS);
        }
        return switch (packet.wire()) {
            case GLB -> judgeGlb(host, packet);
            case SLUICE -> judgeSluice(host, packet);
        };
    }

    /**
     * A reassembled segment that is not this host's would be reset: it is kept only where no other
     * host is left over from an older view.
     */
    private static Verdict judgeFragment(Host host) {
        return host.isOpen() && host.isSettled()
                ? new Verdict.Keep(RedirectCounter.KEPT_STATELESS)
                : new Verdict.Drop(RedirectCounter.DROP_FRAGMENT);
    }

    /** GLB asks for no ICMP error but "too big", and about TCP. */
    private static boolean isStateless(Packet packet) {
        boolean isGlb = packet.wire() == PoolSpec.Wire.GLB;
        return switch (packet.kind()) {
            case STATELESS -> true;
            case ERROR, UDP, UDP_ERROR -> isGlb;
            case TCP, TOO_BIG, TCP_FRAGMENT -> false;
        };
    }

    private static Verdict judgeGlb(Host host, Packet packet) {
        if ((packet.tcpFlags() & SYN) != 0) {
            return new Verdict.Keep(RedirectCounter.KEPT_SYN);
        }
        return known(host, packet)
                .orElseGet(() ->
                        packet.isLast()
                                ? new Verdict.Keep(RedirectCounter.KEPT_LAST_RESORT)
                                : sendOn(
                                        host, packet, new Verdict.Keep(RedirectCounter.KEPT_SELF)));
    }

    private static Verdict judgeSluice(Host host, Packet packet) {
        return known(host, packet).orElseGet(() -> judgeStranger(host, packet));
    }

    private static Verdict judgeStranger(Host host, Packet packet) {
        if (packet.kind() == Kind.UDP) {
            return judgeDatagram(host, packet);
        }
        return packet.isSyn() ? judgeSyn(host, packet) : judgeUnknown(host, packet);
    }

    /**
     * A datagram says not whether it is a flow's first. Who takes new flows keeps it at once while
     * nobody else may own older ones; else the whole chain is asked, and the last sends it back.
     */
    private static Verdict judgeDatagram(Host host, Packet packet) {
        Verdict keep = new Verdict.Keep(RedirectCounter.KEPT_STATELESS);
        if (host.isOpen() && (host.isSettled() || packet.isLast())) {
            return keep;
        }
        if (!packet.isLast()) {
            return sendOn(host, packet, new Verdict.Drop(RedirectCounter.DROP_LOOP));
        }
        if (host.openOthers() == 0 || packet.rescues() >= MAX_RESCUES) {
            return keep;
        }
        return new Verdict.Rescue(
                List.of(host.others().getFirst()), 1, host.installed(), packet.rescues() + 1);
    }

    /** Rule 16. */
    private static Optional<Verdict> known(Host host, Packet packet) {
        return switch (host.socket()) {
            case Socket.None() -> Optional.empty();
            case Socket.Flow() -> keep(RedirectCounter.KEPT_KNOWN);
            case Socket.TimeWait() ->
                    packet.wire() == PoolSpec.Wire.GLB || !packet.isSyn()
                            ? keep(RedirectCounter.KEPT_KNOWN)
                            : Optional.empty();
            case Socket.Listener(boolean cookieIsValid) ->
                    cookieIsValid && packet.kind() == Kind.TCP && packet.isBareAck()
                            ? keep(RedirectCounter.KEPT_COOKIE)
                            : Optional.empty();
            case Socket.Request(int sentIsn) ->
                    packet.wire() == PoolSpec.Wire.GLB
                                    || !packet.hasAck()
                                    || packet.acknowledgement() == sentIsn + 1
                            ? keep(RedirectCounter.KEPT_KNOWN)
                            : Optional.empty();
        };
    }

    private static Optional<Verdict> keep(RedirectCounter reason) {
        return Optional.of(new Verdict.Keep(reason));
    }

    /** Rule 17. */
    private static Verdict judgeSyn(Host host, Packet packet) {
        boolean newerWantsMe = compareStamp(host, packet) > 0 && packet.next() == 0;
        if (host.isOpen() || newerWantsMe) {
            return new Verdict.Keep(RedirectCounter.KEPT_SYN);
        }
        if (!packet.isLast()) {
            return sendOn(host, packet, new Verdict.Drop(RedirectCounter.DROP_LOOP));
        }
        return compareStamp(host, packet) < 0
                ? rescue(host, packet)
                : new Verdict.Drop(RedirectCounter.DROP_FENCED_SYN);
    }

    /** Rule 18. */
    private static Verdict judgeUnknown(Host host, Packet packet) {
        if (compareStamp(host, packet) < 0) {
            return rescue(host, packet);
        }
        return packet.isLast()
                ? lastWord(host, packet)
                : sendOn(host, packet, new Verdict.Drop(RedirectCounter.DROP_LOOP));
    }

    private static int compareStamp(Host host, Packet packet) {
        return Long.compareUnsigned(packet.stamp(), host.installed());
    }

    private static Verdict sendOn(Host host, Packet packet, Verdict toSelf) {
        Address hop = packet.hops().get(packet.next());
        return hop.equals(host.self()) ? toSelf : new Verdict.Next(hop);
    }

    /** Rule 19. A chain of this host alone says that no other host owns the flow. */
    private static Verdict rescue(Host host, Packet packet) {
        List<Address> others = host.others();
        if (others.isEmpty()) {
            return lastWord(host, packet);
        }
        if (packet.rescues() >= MAX_RESCUES) {
            return new Verdict.Drop(RedirectCounter.DROP_RESCUE_LIMIT);
        }
        return new Verdict.Rescue(
                others, host.openOthers(), host.installed(), packet.rescues() + 1);
    }

    /** Nobody is left to ask. To errors and resets the stack would say nothing: nothing was cut. */
    private static Verdict lastWord(Host host, Packet packet) {
        if (packet.isError()) {
            return new Verdict.Drop(RedirectCounter.DROP_UNKNOWN_ERROR);
        }
        if (packet.isReset()) {
            return new Verdict.Drop(RedirectCounter.DROP_UNKNOWN_RESET);
        }
        if (packet.isSyn()) {
            return new Verdict.Drop(RedirectCounter.DROP_FENCED_SYN);
        }
        return host.confirmed()
                ? new Verdict.Keep(RedirectCounter.KEPT_LAST_RESORT)
                : new Verdict.Drop(RedirectCounter.DROP_UNCONFIRMED);
    }
}
