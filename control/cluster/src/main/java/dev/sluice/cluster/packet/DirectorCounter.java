package dev.sluice.cluster.packet;

/**
 * What a director did with a packet. Exactly one counts each packet; the order is the BPF program's
 * {@code enum counter}.
 */
public enum DirectorCounter {
    /** Encapsulated and sent to a first hop. */
    FORWARDED,
    /** Answered: too big for the underlay with its outer headers, and not to be fragmented. */
    TOO_BIG_SENT,
    /** To the kernel: neither IPv4 nor IPv6, or behind more than two VLAN tags. */
    PASS_NOT_IP,
    /** To the kernel: ends within a header. */
    PASS_TRUNCATED,
    /** To the kernel: impossible IP header. */
    PASS_MALFORMED,
    /** To the kernel: too many IPv6 extension headers, or a source route that is not at its end. */
    PASS_EXTENSIONS,
    /** To the kernel: neither TCP nor UDP nor an ICMP message that concerns a VIP. */
    PASS_PROTOCOL,
    /** To the kernel: an ICMP error whose quoted packet tells no flow. */
    PASS_QUOTE,
    /** To the kernel: for no bind. */
    PASS_NO_BIND,
    /** Dropped: a fragment for a VIP, where ports are hashed or tell the pool. */
    DROP_FRAGMENT,
    /** Dropped: a bind without a table. */
    DROP_NO_TABLE,
    /** Dropped: the row has no hops. */
    DROP_NO_HOPS,
    /** Dropped: too long for the underlay once encapsulated, and nobody could be told. */
    DROP_TOO_BIG,
    /** Dropped: no route to the hop. */
    DROP_NO_ROUTE,
    /** Dropped: the kernel does not know the next host's MAC address yet. */
    DROP_NO_NEIGHBOUR,
    /** Dropped: the driver left no room before the frame. */
    DROP_NO_HEADROOM
}
