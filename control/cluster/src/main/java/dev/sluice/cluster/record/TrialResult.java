package dev.sluice.cluster.record;

import java.util.List;

/**
 * What a proxy says about a {@link ConfigTrial}.
 *
 * @param problems why it would refuse it; empty = it would serve it
 * @param concerned false for a proxy that serves no configuration
 */
public record TrialResult(List<String> problems, boolean concerned) {
    public static final TrialResult UNCONCERNED = new TrialResult(List.of(), false);

    public TrialResult(List<String> problems) {
        this(problems, true);
    }

    public TrialResult {
        problems = List.copyOf(problems);
    }
}
