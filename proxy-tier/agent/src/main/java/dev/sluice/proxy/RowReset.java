package dev.sluice.proxy;

import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.cluster.table.RowSet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Ends the flows that this host holds on some rows of a pool, once their deadline has passed
 * (PROTOCOL rule 10); all others live on. Owned by the proxy's owner thread.
 */
final class RowReset {
    private static final Logger log = LoggerFactory.getLogger(RowReset.class);

    private final Redirect redirect;
    private final L7 l7;

    RowReset(Redirect redirect, L7 l7) {
        this.redirect = redirect;
        this.l7 = l7;
    }

    /**
     * Where the kernel cannot end a flow, the engine ends what it has accepted: what waits in an
     * accept queue, and what a process has closed already, stays then.
     *
     * @throws IOException if the kernel does not even list its flows
     */
    void reset(String pool, PoolSpec spec, RowSet rows) throws IOException {
        Predicate<FlowKey> doomed =
                flow -> flow.belongsTo(spec) && rows.contains(RowHash.row(spec, flow));
        List<FlowKey> flows = redirect.flows().stream().filter(doomed).toList();
        try {
            int ended = redirect.reset(flows);
            log.atInfo()
                    .addKeyValue("pool", pool)
                    .addKeyValue("rows", rows.size())
                    .addKeyValue("flows", ended)
                    .log("flows.reset");
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("pool", pool)
                    .addKeyValue("rows", rows.size())
                    .addKeyValue("flows", flows.size())
                    .addKeyValue("why", e.getMessage())
                    .log("flows.not_reset_by_kernel");
            l7.reset(doomed);
        }
    }
}
