package dev.sluice.cluster.record;

import java.util.List;

/**
 * What a proxy says about a {@link ConfigTrial}.
 *
 * @param problems why it would refuse it; empty = it would serve it
 */
public record TrialResult(List<String> problems) {
    public TrialResult {
        problems = List.copyOf(problems);
    }
}
