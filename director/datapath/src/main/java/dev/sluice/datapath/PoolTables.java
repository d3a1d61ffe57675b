package dev.sluice.datapath;

import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.DatapathException;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tables of all pools, and their binds. A table is filled out of sight and put live by one
 * pointer swap; an install that fails leaves everything as it was. Owned by one thread.
 */
final class PoolTables {
    static final int MAX_POOLS = 256;

    private final BpfMap pools;
    private final BindMap binds;
    private final Map<String, Integer> slots = new HashMap<>();

    PoolTables(BpfMap pools, BpfMap binds) {
        this.pools = pools;
        this.binds = new BindMap(binds);
        forEachInstalled((slot, image) -> slots.put(image.pool(), slot));
    }

    /**
     * @throws IllegalArgumentException if the table does not follow the installed one, or holds
     *     what this datapath cannot do
     */
    int install(ForwardingTable table) {
        int slot = slotFor(table.pool());
        try (Arena arena = Arena.ofConfined();
                BpfMap next = BpfMap.create("table", BpfMap.Type.ARRAY, 4, TableImage.LENGTH, 1)) {
            TableImage image = TableImage.of(table, arena);
            Map<BindKey, Integer> planned = binds.planned(slot, table.spec().binds());
            Optional<BpfMap> previous = pools.inner(Keys.of(slot, arena));
            try {
                requireFollows(image, previous, arena);
                next.put(Keys.zero(arena), image.memory());
                swap(slot, next, previous, planned, arena);
            } finally {
                previous.ifPresent(BpfMap::close);
            }
        }
        slots.put(table.pool(), slot);
        return slot;
    }

    private void swap(
            int slot,
            BpfMap next,
            Optional<BpfMap> previous,
            Map<BindKey, Integer> planned,
            Arena arena) {
        pools.put(Keys.of(slot, arena), next);
        try {
            binds.apply(planned);
        } catch (DatapathException e) {
            previous.ifPresentOrElse(
                    p -> pools.put(Keys.of(slot, arena), p),
                    () -> pools.remove(Keys.of(slot, arena)));
            throw e;
        }
    }

    private static void requireFollows(TableImage next, Optional<BpfMap> installed, Arena arena) {
        if (installed.isEmpty()) {
            return;
        }
        TableImage previous =
                TableImage.of(installed.get().get(Keys.zero(arena), arena).orElseThrow());
        boolean follows =
                next.generation() > previous.generation()
                        || (next.generation() == previous.generation()
                                && next.isReorderingOf(previous));
        if (!follows) {
            throw new IllegalArgumentException(
                    "pool "
                            + next.pool()
                            + ": generation "
                            + next.generation()
                            + " cannot follow generation "
                            + previous.generation()
                            + ", which is installed; a greater one can, and the same one with"
                            + " hops reordered");
        }
    }

    /**
     * @return the slot that is free now, or -1 if the pool is not installed
     */
    int remove(String pool) {
        Integer slot = slots.get(pool);
        if (slot == null) {
            return -1;
        }
        binds.apply(binds.planned(slot, List.of()));
        try (Arena arena = Arena.ofConfined()) {
            pools.remove(Keys.of(slot, arena));
        }
        slots.remove(pool);
        return slot;
    }

    /** Generations by pool, as the kernel has them. */
    Map<String, Long> installed() {
        Map<String, Long> installed = new TreeMap<>();
        forEachInstalled((slot, image) -> installed.put(image.pool(), image.generation()));
        return installed;
    }

    Optional<Integer> slot(String pool) {
        return Optional.ofNullable(slots.get(pool));
    }

    List<Integer> slots() {
        return List.copyOf(slots.values());
    }

    private int slotFor(String pool) {
        Integer known = slots.get(pool);
        if (known != null) {
            return known;
        }
        for (int slot = 0; slot < MAX_POOLS; slot++) {
            if (!slots.containsValue(slot)) {
                return slot;
            }
        }
        throw new IllegalArgumentException(
                "pool " + pool + ": the datapath has room for " + MAX_POOLS + " pools");
    }

    private interface Visitor {
        void visit(int slot, TableImage image);
    }

    private void forEachInstalled(Visitor visitor) {
        for (int slot = 0; slot < MAX_POOLS; slot++) {
            try (Arena arena = Arena.ofConfined()) {
                Optional<BpfMap> inner = pools.inner(Keys.of(slot, arena));
                if (inner.isPresent()) {
                    try (BpfMap table = inner.get()) {
                        visitor.visit(
                                slot,
                                TableImage.of(table.get(Keys.zero(arena), arena).orElseThrow()));
                    }
                }
            }
        }
    }
}
