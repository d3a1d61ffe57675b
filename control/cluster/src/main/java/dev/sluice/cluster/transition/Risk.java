package dev.sluice.cluster.transition;

import dev.sluice.cluster.table.RowSet;

import java.util.List;

/**
 * What a forced change may cut.
 *
 * @param rows on which flows may be cut
 * @param flows known to be on such rows, from reports
 * @param unknown proxies and directors that have not told
 */
public record Risk(RowSet rows, long flows, List<String> unknown) {
    public static final Risk NONE = new Risk(RowSet.NONE, 0, List.of());

    public Risk {
        unknown = List.copyOf(unknown);
    }
}
