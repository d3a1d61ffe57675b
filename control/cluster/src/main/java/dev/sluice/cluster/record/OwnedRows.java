package dev.sluice.cluster.record;

import dev.sluice.cluster.table.RowSet;

/**
 * A proxy's report of the rows on which it holds a flow though it is not open there (PROTOCOL.md
 * rule 22).
 *
 * @param incarnation of the process that scanned: a report of an older one does not count
 * @param installedGeneration whose table was installed before the scan began
 * @param fenced unknown SYNs are refused on rows that are not open in that generation
 * @param flows behind the rows: what an operator sees as connections left
 */
public record OwnedRows(
        String proxy,
        String incarnation,
        long installedGeneration,
        boolean fenced,
        RowSet rows,
        long flows,
        long scannedUnixMs) {}
