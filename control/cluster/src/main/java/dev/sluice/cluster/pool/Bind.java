package dev.sluice.cluster.pool;

import java.util.Locale;

/**
 * An address block, protocol and port range whose packets belong to a pool.
 *
 * @param prefixBits of the address; all of them for a single VIP
 * @param firstPort inclusive
 * @param lastPort inclusive
 */
public record Bind(
        Address address, int prefixBits, Protocol protocol, int firstPort, int lastPort) {

    /** With its IANA protocol number. */
    public enum Protocol {
        TCP(6),
        UDP(17);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    public Bind {
        if (prefixBits < 0 || prefixBits > address.bits()) {
            throw new IllegalArgumentException("prefix of " + prefixBits + " bits on " + address);
        }
        if (firstPort < 1 || lastPort > 0xffff || firstPort > lastPort) {
            throw new IllegalArgumentException("ports " + firstPort + "-" + lastPort);
        }
    }

    public static Bind tcp(Address vip, int port) {
        return new Bind(vip, vip.bits(), Protocol.TCP, port, port);
    }

    public boolean isExact() {
        return prefixBits == address.bits() && firstPort == lastPort;
    }

    /** Whether an address lies in this bind's block. */
    public boolean covers(Address candidate) {
        return candidate.bits() == address.bits() && candidate.hasPrefix(address, prefixBits);
    }

    /**
     * Whether packets can belong to both without one of the two being more specific: they are the
     * same, or of one block and protocol with ranges of which neither holds the other. Pools that
     * share directors must not have two of these.
     */
    public boolean conflictsWith(Bind other) {
        boolean overlaps =
                prefixBits == other.prefixBits
                        && protocol == other.protocol
                        && covers(other.address)
                        && firstPort <= other.lastPort
                        && other.firstPort <= lastPort;
        return overlaps && holds(other) == other.holds(this);
    }

    private boolean holds(Bind other) {
        return firstPort <= other.firstPort && other.lastPort <= lastPort;
    }

    @Override
    public String toString() {
        String block = prefixBits == address.bits() ? "" : "/" + prefixBits;
        String ports = firstPort == lastPort ? "" : "-" + lastPort;
        String host = address.isIpv4() ? address.toString() : "[" + address + "]";
        return host
                + block
                + ":"
                + firstPort
                + ports
                + "/"
                + protocol.name().toLowerCase(Locale.ROOT);
    }
}
