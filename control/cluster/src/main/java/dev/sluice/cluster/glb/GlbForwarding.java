package dev.sluice.cluster.glb;

import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A GLB table as our datapath installs it, row for row, whatever its backends' states. */
public final class GlbForwarding {
    private GlbForwarding() {}

    /**
     * @param pool a name for it
     * @param fields that choose the row
     * @param formerFields of a migration: those that chose it before; empty without one
     */
    public static ForwardingTable of(
            GlbTable table, String pool, Set<HashField> fields, Set<HashField> formerFields) {
        List<Bind> binds =
                table.binds().stream()
                        .filter(bind -> bind.lastPort() > 0)
                        .map(GlbBind::toPool)
                        .toList();
        Set<HashField> first = formerFields.isEmpty() ? fields : formerFields;
        PoolSpec founded =
                new PoolSpec(PoolSpec.Wire.GLB, table.hashKey(), table.seed(), first, binds);
        PoolSpec spec = formerFields.isEmpty() ? founded : founded.migratingTo(fields);
        List<Proxy> proxies = new ArrayList<>();
        for (GlbBackend backend : table.backends()) {
            String id = "backend-" + proxies.size();
            proxies.add(new Proxy(id, backend.address(), Proxy.State.ACTIVE, 1));
        }
        GlbRows rows = GlbRows.of(table);
        return ForwardingTable.ofPairs(pool, spec, proxies, rows::primary, rows::secondary);
    }
}
