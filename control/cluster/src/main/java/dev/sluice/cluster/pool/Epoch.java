package dev.sluice.cluster.pool;

import java.util.List;

/**
 * One view of which proxies take new flows.
 *
 * @param commitGeneration of the write that made it the newest live epoch; 0 while pending
 * @param prepareGeneration of the write that made it pending; 0 = it never was
 * @param phaseStartUnixMs bounds waits, never decides safety
 * @param deadlineUnixMs of an older epoch, when the flows that no newer one owns are reset; of the
 *     pending one, what the epoch that it replaces will get; 0 = never
 * @param expired the deadline has passed: proxies reset those flows
 * @param closeGeneration of the write after which reports count, on GLB's wire only; 0 = not yet
 */
public record Epoch(
        long id,
        List<Member> members,
        long commitGeneration,
        long prepareGeneration,
        long phaseStartUnixMs,
        long deadlineUnixMs,
        boolean expired,
        long closeGeneration) {

    public Epoch {
        members = List.copyOf(members);
    }

    /** One that is not closed. */
    public Epoch(
            long id,
            List<Member> members,
            long commitGeneration,
            long prepareGeneration,
            long phaseStartUnixMs,
            long deadlineUnixMs,
            boolean expired) {
        this(
                id,
                members,
                commitGeneration,
                prepareGeneration,
                phaseStartUnixMs,
                deadlineUnixMs,
                expired,
                0);
    }

    /**
     * @param proxy a registered proxy's id
     */
    public record Member(String proxy, int weight) {}

    public boolean has(String proxy) {
        return members.stream().anyMatch(m -> m.proxy().equals(proxy));
    }

    /** The newest one from now on: its deadline goes to the one that it {@link #replaced}. */
    public Epoch committed(long generation, long nowUnixMs) {
        return new Epoch(id, members, generation, prepareGeneration, nowUnixMs, 0, false);
    }

    /** An older one from now on. */
    public Epoch replaced(long deadline) {
        return new Epoch(
                id,
                members,
                commitGeneration,
                prepareGeneration,
                phaseStartUnixMs,
                deadline,
                false,
                closeGeneration);
    }

    public Epoch pastDeadline() {
        return new Epoch(
                id,
                members,
                commitGeneration,
                prepareGeneration,
                phaseStartUnixMs,
                deadlineUnixMs,
                true,
                closeGeneration);
    }

    public Epoch closed(long generation) {
        return new Epoch(
                id,
                members,
                commitGeneration,
                prepareGeneration,
                phaseStartUnixMs,
                deadlineUnixMs,
                expired,
                generation);
    }
}
