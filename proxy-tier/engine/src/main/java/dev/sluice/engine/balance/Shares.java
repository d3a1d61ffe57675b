package dev.sluice.engine.balance;

import dev.sluice.cluster.l7.Balancing;

import java.util.ArrayList;
import java.util.List;

/**
 * Who is due what at a moment, by weight, slow start and zone. Immutable.
 *
 * @param used who gets requests
 * @param spare who gets those that nobody of these can take
 */
record Shares(Roster used, Roster spare, Spill spill) {
    static final Shares NONE = new Shares(Roster.EMPTY, Roster.EMPTY, Spill.NONE);

    /** Of all together where they are divided by zone: finer than any weight, and still an int. */
    private static final int WHOLE = 1 << 30;

    static Shares of(List<Endpoint> endpoints, Spill spill, Balancing rules, long nowNanos) {
        List<Roster.Entry> used = new ArrayList<>();
        List<Roster.Entry> spare = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            Standing standing = endpoint.standing;
            int due = due(standing, rules, nowNanos);
            int share = spill.divides() ? scaled(spill.share(standing, due)) : due;
            (spill.spares(standing) ? spare : used).add(new Roster.Entry(endpoint, share));
        }
        return new Shares(
                new Roster(used), spare.isEmpty() ? Roster.EMPTY : new Roster(spare), spill);
    }

    /** By weight and slow start alone; in percent of a weight of 1. */
    static int due(Standing standing, Balancing rules, long nowNanos) {
        return standing.weight * standing.percent(rules, nowNanos);
    }

    private static int scaled(double part) {
        return (int) Math.max(1, Math.round(WHOLE * part));
    }
}
