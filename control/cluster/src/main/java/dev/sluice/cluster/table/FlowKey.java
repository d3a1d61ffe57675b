package dev.sluice.cluster.table;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;

/**
 * One client flow, as seen in packets from the client.
 *
 * @param source the client
 * @param destination the VIP
 */
public record FlowKey(
        Protocol protocol,
        Address source,
        int sourcePort,
        Address destination,
        int destinationPort) {

    /** Whether the packets of this flow belong to a pool. */
    public boolean belongsTo(PoolSpec spec) {
        for (Bind bind : spec.binds()) {
            if (matches(bind)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the packets of this flow belong to a bind. */
    public boolean matches(Bind bind) {
        return bind.protocol() == protocol
                && bind.firstPort() <= destinationPort
                && destinationPort <= bind.lastPort()
                && bind.covers(destination);
    }
}
