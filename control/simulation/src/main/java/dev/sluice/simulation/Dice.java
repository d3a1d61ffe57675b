package dev.sluice.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Seeded chance. Every part of the world has dice of its own, so that none disturbs another. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Other dice, the same for the same name. */
    static Dice of(long seed, String name) {
        return new Dice(seed * 0x9e3779b97f4a7c15L + name.hashCode());
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** Both ends included. */
    long between(long least, long most) {
        return least >= most ? least : random.nextLong(least, most + 1);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int number() {
        return random.nextInt();
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
