package dev.sluice.cluster.agent;

import java.util.List;

/**
 * The outcome of one observation.
 *
 * @param effects to be carried out in order; their results come back as observations
 */
public record Step<S, E>(S state, List<E> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
