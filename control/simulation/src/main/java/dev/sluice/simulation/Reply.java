package dev.sluice.simulation;

import dev.sluice.cluster.table.FlowKey;

/**
 * A host's TCP packet, straight to the client.
 *
 * @param host that sent it
 * @param sequence the server's initial sequence number, or what a reset answers
 * @param acknowledgement the client's initial sequence number + 1
 * @param request number of the request that it answers; -1 = none
 */
record Reply(
        ProxyHost host, FlowKey key, Kind kind, int sequence, int acknowledgement, int request) {
    enum Kind {
        SYN_ACK,
        ACK,
        /** Answers a request; the server takes no more of them. */
        LAST,
        FIN,
        RST
    }
}
