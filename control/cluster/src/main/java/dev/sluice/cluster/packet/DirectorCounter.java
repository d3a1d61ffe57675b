package dev.sluice.cluster.packet;

/**
 * What a director did with a packet. Exactly one counts each packet; the order is the BPF program's
 * {@code enum counter}.
 */
public enum DirectorCounter {
    /** Encapsulated and sent to a first hop. */
    FORWARDED,
    /** To the kernel: not IPv4. */
    PASS_NOT_IPV4,
    /** To the kernel: has a VLAN tag. */
    PASS_VLAN,
    /** To the kernel: ends within a header. */
    PASS_TRUNCATED,
    /** To the kernel: impossible IPv4 header. */
    PASS_MALFORMED,
    /** To the kernel: has IP options. */
    PASS_OPTIONS,
    /** To the kernel: a fragment. */
    PASS_FRAGMENT,
    /** To the kernel: neither TCP nor UDP nor an ICMP message that concerns a VIP. */
    PASS_PROTOCOL,
    /** To the kernel: an ICMP error whose quoted packet tells no flow. */
    PASS_QUOTE,
    /** To the kernel: for no bind. */
    PASS_NO_BIND,
    /** Dropped: a bind without a table. */
    DROP_NO_TABLE,
    /** Dropped: the row has no hops. */
    DROP_NO_HOPS,
    /** Dropped: too long for IPv4 or for the route once encapsulated. */
    DROP_TOO_BIG,
    /** Dropped: no route to the hop. */
    DROP_NO_ROUTE,
    /** Dropped: the kernel does not know the next host's MAC address yet. */
    DROP_NO_NEIGHBOUR,
    /** Dropped: the driver left no room before the frame. */
    DROP_NO_HEADROOM
}
