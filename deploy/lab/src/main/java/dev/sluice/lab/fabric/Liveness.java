package dev.sluice.lab.fabric;

import java.util.Optional;

/**
 * Whether somebody is heard, from the answers to regular questions: so many misses in a row make it
 * silent, as many answers heard again. Not thread-safe.
 */
final class Liveness {
    private final int inARow;
    private boolean heard = true;
    private int against;

    /**
     * @param inARow answers against the present opinion that turn it
     */
    Liveness(int inARow) {
        this.inARow = inARow;
    }

    /**
     * @return the new opinion, if this answer turned it
     */
    Optional<Boolean> after(boolean answered) {
        against = answered == heard ? 0 : against + 1;
        if (against < inARow) {
            return Optional.empty();
        }
        heard = answered;
        against = 0;
        return Optional.of(heard);
    }
}
