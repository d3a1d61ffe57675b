package dev.sluice.engine.balance;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** One after the other: every position of the roster has one turn in a round. */
final class Turns implements Distributor {
    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public @Nullable Endpoint pick(
            Roster roster, Picking picking, RandomGenerator random, long nowNanos) {
        if (roster.size() == 0) {
            return null;
        }
        long next = Integer.toUnsignedLong(turn.getAndIncrement());
        int first = roster.at((int) (next % roster.total() * roster.step() % roster.total()));
        int index = roster.free(first, -1, picking);
        return index < 0 ? null : roster.endpoint(index);
    }
}
