package dev.sluice.cluster.agent;

import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.cluster.table.RowSet;

import java.util.BitSet;
import java.util.Collection;
import java.util.stream.IntStream;

/**
 * The rows on which a host holds flows though it is not open there, or on GLB's wire not the first
 * hop (PROTOCOL rule 22).
 *
 * @param flows behind those rows; 0 if only SYN cookies hold them
 * @param overdue those of the rows on which the deadline of such flows has passed
 */
public record DisplacedRows(RowSet rows, long flows, RowSet overdue) {
    /** None of them is past a deadline. */
    public DisplacedRows(RowSet rows, long flows) {
        this(rows, flows, RowSet.NONE);
    }

    /**
     * Hashes a host's flows to their rows.
     *
     * @param flows the kernel's, in every state but LISTEN and TIME_WAIT
     * @param cookiesSent lately: a client may hold a flow that this host knows nothing of yet, so
     *     all displaced rows count as held
     */
    public static DisplacedRows of(
            ForwardingTable table, String self, Collection<FlowKey> flows, boolean cookiesSent) {
        int proxy = table.indexOf(self);
        BitSet rows = new BitSet(table.rows());
        BitSet overdue = new BitSet(table.rows());
        long displaced = 0;
        for (FlowKey flow : flows) {
            if (flow.belongsTo(table.spec())) {
                int row = RowHash.row(table.spec(), flow);
                if (table.isDisplaced(row, proxy)) {
                    rows.set(row);
                    overdue.set(row, table.isOverdue(row, proxy));
                    displaced++;
                }
            }
        }
        IntStream held =
                cookiesSent
                        ? IntStream.range(0, table.rows())
                                .filter(row -> table.isDisplaced(row, proxy))
                        : rows.stream();
        return new DisplacedRows(RowSet.of(held), displaced, RowSet.of(overdue.stream()));
    }
}
