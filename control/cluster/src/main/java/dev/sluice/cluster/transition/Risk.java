package dev.sluice.cluster.transition;

import java.util.List;

/**
 * What a forced change may cut.
 *
 * @param rows on which flows may be cut
 * @param flows known to be on such rows, from reports
 * @param unknown proxies and directors that have not told
 */
public record Risk(int rows, long flows, List<String> unknown) {
    public static final Risk NONE = new Risk(0, 0, List.of());

    public Risk {
        unknown = List.copyOf(unknown);
    }
}
