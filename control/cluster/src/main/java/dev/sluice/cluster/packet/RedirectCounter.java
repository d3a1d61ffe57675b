package dev.sluice.cluster.packet;

/**
 * What a proxy host's redirect did with a packet. Exactly one counts each packet, but {@link
 * #SECOND_CHANCE}, which counts beside the reason. The order is the BPF program's {@code enum
 * counter}.
 */
public enum RedirectCounter {
    /** To the kernel: not encapsulated for this host. */
    PASS_OTHER,
    /** Kept: a new flow. */
    KEPT_SYN,
    /** Kept: a socket of this host knows it. */
    KEPT_KNOWN,
    /** Kept: acknowledges a SYN cookie of this host. */
    KEPT_COOKIE,
    /** Kept: what no socket knows and this host may take: datagrams, ICMP, fragments. */
    KEPT_STATELESS,
    /** Kept ({@code wire: glb}): the next hop is this host. */
    KEPT_SELF,
    /** Kept: nobody on the chain knew it, so the stack answers with a reset. */
    KEPT_LAST_RESORT,
    /** Sent on along its chain. */
    NEXT_HOP,
    /** Stamped with an old generation: sent on along this host's chain of the row. */
    RESCUED,
    /**
     * A datagram that nobody on its chain knew: sent back to the first host that takes new flows.
     */
    RETURNED,
    /** Dropped: the encapsulation or the packet inside is malformed. */
    DROP_MALFORMED,
    /** Dropped: sent by neither a director nor a member of a pool. */
    DROP_SOURCE,
    /** Dropped: neither TCP nor UDP nor ICMP inside. */
    DROP_PROTOCOL,
    /** Dropped: a fragment inside that some other host may own. */
    DROP_FRAGMENT,
    /** Dropped: for no bind. */
    DROP_NO_POOL,
    /** Dropped: a bind without a table. */
    DROP_NO_TABLE,
    /** Dropped: a new flow on a row where nobody left on the chain takes any. */
    DROP_FENCED_SYN,
    /** Dropped: nobody knew it, and this host may not be sure, its table being unconfirmed. */
    DROP_UNCONFIRMED,
    /** Dropped: rescued too often. */
    DROP_RESCUE_LIMIT,
    /** Dropped: an ICMP error about a flow that nobody knew. */
    DROP_UNKNOWN_ERROR,
    /** Dropped: a client's reset of a flow that nobody knew. */
    DROP_UNKNOWN_RESET,
    /** Dropped: the next hop is this host. */
    DROP_LOOP,
    /** Dropped: its client had too many unknown packets sent on within a second. */
    DROP_STRAY_LIMIT,
    /** Dropped: the driver left no room before the frame. */
    DROP_NO_HEADROOM,
    /** Dropped: no route to the hop. */
    DROP_NO_ROUTE,
    /** Dropped: the kernel does not know the next host's MAC address yet. */
    DROP_NO_NEIGHBOUR,
    /** Dropped: too long for IPv4 or for the route with its new chain. */
    DROP_TOO_BIG,
    /** Of the kept ones: came to this host as a later hop than the first, or by rescue. */
    SECOND_CHANCE
}
