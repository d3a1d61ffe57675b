package dev.sluice.engine.balance;

import dev.sluice.cluster.config.HostPort;

import java.util.ArrayList;
import java.util.List;

/**
 * How an endpoint is doing, for people.
 *
 * @param zone that it is in; empty if it has none
 * @param weight that the configuration gives it
 * @param inFlight requests and tunnels on their way to it
 * @param latencyNanos moving average to the head of a response, peaks first; 0 if unknown
 * @param why it is in this use, most important first; empty if there is nothing to say
 */
public record EndpointStatus(
        HostPort address,
        String zone,
        int weight,
        Use use,
        int inFlight,
        long latencyNanos,
        List<String> why) {

    /** What it is used for. */
    public enum Use {
        /** Requests. */
        USED,
        /** Nothing, as long as the zone of the proxy can do without. */
        SPARE,
        /** Nothing, by its weight. */
        RESTING,
        /** Nothing, by the requests that it failed. */
        EJECTED,
        /** Nothing, by its checks. */
        UNWELL
    }

    public EndpointStatus {
        why = List.copyOf(why);
    }

    /** With one reason more, ahead of the others. */
    public EndpointStatus because(String reason) {
        List<String> reasons = new ArrayList<>(why);
        reasons.addFirst(reason);
        return new EndpointStatus(address, zone, weight, use, inFlight, latencyNanos, reasons);
    }
}
