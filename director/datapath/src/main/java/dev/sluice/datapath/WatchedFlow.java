package dev.sluice.datapath;

import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.table.FlowKey;

import java.util.Map;

/**
 * What one node did with the packets of a flow since it was watched.
 *
 * @param tallies one for every verdict
 */
public record WatchedFlow(FlowKey flow, Map<FlowVerdict, Tally> tallies) {
    public WatchedFlow {
        tallies = Map.copyOf(tallies);
    }

    /**
     * @param bytes of the client's IPv4 packets, without encapsulation
     */
    public record Tally(long packets, long bytes) {
        static final Tally NONE = new Tally(0, 0);
    }

    public long packets(FlowVerdict verdict) {
        return tallies.getOrDefault(verdict, Tally.NONE).packets();
    }
}
