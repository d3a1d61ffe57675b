package dev.sluice.engine.balance;

import org.jspecify.annotations.Nullable;

import java.util.random.RandomGenerator;

/**
 * Draws a few and takes the least burdened of them: nearly as even as asking all (Mitzenmacher,
 * "The power of two choices in randomized load balancing"), and proxies that know nothing of each
 * other do not all run to the same one.
 *
 * @param count how many; where there are no more, all are looked at
 */
record Choices(Metric metric, int count) implements Distributor {

    @Override
    public @Nullable Endpoint pick(
            Roster roster, Picking picking, RandomGenerator random, long nowNanos) {
        int best = roster.size() == 0 ? -1 : roster.free(roster.draw(random), -1, picking);
        if (best < 0) {
            return null;
        }
        boolean all = roster.size() <= count;
        for (int i = 1, last = best; i < count; i++) {
            int other = roster.free(all ? roster.after(last) : roster.draw(random), best, picking);
            if (other < 0) {
                break;
            }
            last = other;
            best = isNoWorse(roster, best, other, nowNanos) ? best : other;
        }
        return roster.endpoint(best);
    }

    /** Who was drawn first wins a draw: so idle endpoints are due their share, too. */
    private boolean isNoWorse(Roster roster, int one, int other, long nowNanos) {
        return metric.load(roster.endpoint(one), nowNanos) * roster.share(other)
                <= metric.load(roster.endpoint(other), nowNanos) * roster.share(one);
    }
}
