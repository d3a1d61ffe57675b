package dev.sluice.engine.balance;

import dev.sluice.cluster.l7.Zones;

import java.util.List;

/**
 * What the zone of a proxy keeps of its requests, and what spills over to the others: all stay as
 * long as the zone can do them, and from there on as many as it can, linearly down to none.
 *
 * <pre>
 *   part = min(1, headroom × what is due to those of the zone that are fit / weight of the zone)
 * </pre>
 *
 * What a slow start takes from an endpoint counts as not being there.
 *
 * @param zone {@link Zones#NONE} if zones do not matter
 * @param ownDue sum of {@link Shares#due} of those in the zone that are fit
 * @param otherDue of those elsewhere
 * @param fitPercent of the zone's weight
 * @param part that stays, 0 to 1
 */
record Spill(String zone, long ownDue, long otherDue, int fitPercent, double part) {
    static final Spill NONE = new Spill(Zones.NONE, 0, 0, 0, 0);

    /**
     * Of those with a weight, fit or not.
     *
     * @param zone of the proxy; where no endpoint has it, zones do not matter
     */
    static Spill of(String zone, Endpoints.Policy policy, List<Endpoint> weighty, long nowNanos) {
        long whole = 0;
        long ownDue = 0;
        long otherDue = 0;
        for (Endpoint endpoint : weighty) {
            Standing standing = endpoint.standing;
            int due = standing.isFit() ? Shares.due(standing, policy.balancing(), nowNanos) : 0;
            if (standing.zone.equals(zone)) {
                whole += (long) standing.weight * Standing.FULL;
                ownDue += due;
            } else {
                otherDue += due;
            }
        }
        if (zone.equals(Zones.NONE) || whole == 0) {
            return NONE;
        }
        double able = (double) ownDue * policy.zones().headroomPercent() / 100 / whole;
        double part = otherDue == 0 ? 1 : Math.min(1, able);
        return new Spill(zone, ownDue, otherDue, (int) (ownDue * 100 / whole), part);
    }

    boolean matters() {
        return !zone.equals(Zones.NONE);
    }

    boolean isOwn(Standing standing) {
        return standing.zone.equals(zone);
    }

    /** Whether it gets no request unless those of the zone fail one. */
    boolean spares(Standing standing) {
        return matters() && part == 1 && !isOwn(standing);
    }

    /** Whether requests go both ways. */
    boolean divides() {
        return matters() && part > 0 && part < 1;
    }

    /** The part of all requests that one is to get which is due so much on its side. */
    double share(Standing standing, int due) {
        return isOwn(standing) ? part * due / ownDue : (1 - part) * due / otherDue;
    }
}
