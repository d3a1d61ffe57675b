package dev.sluice.cluster.record;

import java.util.List;

/**
 * A running director's ephemeral record. Missing means lagging, never gone.
 *
 * @param datapath e.g. {@code xdp} or {@code relay}
 * @param announcing its VIPs to the router
 * @param votes on the health of the hops it probes
 * @param problems for the operator, e.g. why the last state was refused
 */
public record DirectorMember(
        String id,
        String version,
        String datapath,
        boolean announcing,
        List<HopVote> votes,
        List<String> problems) {
    public DirectorMember {
        votes = List.copyOf(votes);
        problems = List.copyOf(problems);
    }

    /** One director's opinion of one hop. */
    public record HopVote(String proxy, boolean healthy, String reason) {}
}
