package dev.sluice.cluster.record;

import java.util.List;

/**
 * What a proxy says about a {@link ConfigTrial}.
 *
 * @param problems why it would refuse it; empty = it would serve it
 * @param warnings what the operator should know all the same; none if it refuses it
 * @param concerned false for a proxy that serves no configuration
 */
public record TrialResult(List<String> problems, List<String> warnings, boolean concerned) {
    public static final TrialResult UNCONCERNED = new TrialResult(List.of(), List.of(), false);

    public TrialResult(List<String> problems) {
        this(problems, List.of(), true);
    }

    /** It would serve it. */
    public static TrialResult good(List<String> warnings) {
        return new TrialResult(List.of(), warnings, true);
    }

    public TrialResult {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }
}
