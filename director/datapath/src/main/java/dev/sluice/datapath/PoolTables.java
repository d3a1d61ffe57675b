package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.BindTable.Entry;
import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.DatapathException;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tables of all pools, and their binds. A table is filled out of sight and put live by one
 * pointer swap; an install that fails leaves everything as it was. Owned by one thread.
 */
final class PoolTables {
    static final int MAX_POOLS = 256;

    private static final int MAX_HOP_COUNTERS = 8192;

    private final BpfMap pools;
    private final BindTable binds;
    private final TrafficMap bindTraffic;
    private final TrafficMap hopTraffic;
    private final CounterMap counters;
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<Integer, Map<Address, Integer>> hopCounters = new HashMap<>();

    PoolTables(DatapathMaps maps) {
        this.pools = maps.get("pools");
        this.binds = new BindTable(maps.get("binds"));
        this.bindTraffic = new TrafficMap(maps.get("bind_traffic"));
        this.hopTraffic = new TrafficMap(maps.get("hop_traffic"));
        this.counters = new CounterMap(maps.get("counters"));
        forEachInstalled((slot, image) -> {
            slots.put(image.pool(), slot);
            hopCounters.put(slot, image.counters());
        });
    }

    /**
     * @throws IllegalArgumentException if the table does not follow the installed one, or holds
     *     what this datapath cannot do
     */
    int install(ForwardingTable table) {
        int slot = slotFor(table.pool());
        try (Arena arena = Arena.ofConfined();
                BpfMap next = BpfMap.create("table", BpfMap.Type.ARRAY, 4, TableImage.LENGTH, 1)) {
            Map<Address, Integer> numbers = numberHops(table);
            TableImage image = TableImage.of(table, a -> numbers.getOrDefault(a, 0), arena);
            SortedMap<Integer, Entry> planned = binds.planned(slot, table.spec().binds());
            Optional<BpfMap> previous = pools.inner(Keys.of(slot, arena));
            try {
                requireFollows(image, previous, arena);
                next.put(Keys.zero(arena), image.memory());
                swap(slot, next, previous, planned, arena);
                hopCounters.put(slot, numbers);
            } finally {
                previous.ifPresent(BpfMap::close);
            }
        }
        slots.put(table.pool(), slot);
        return slot;
    }

    /** A hop keeps its number as long as any table names it. */
    private Map<Address, Integer> numberHops(ForwardingTable table) {
        Map<Address, Integer> known = new HashMap<>();
        hopCounters.values().forEach(known::putAll);
        Set<Integer> taken = new HashSet<>(known.values());
        Map<Address, Integer> numbers = new HashMap<>();
        int free = 0;
        for (Proxy proxy : table.proxies()) {
            Integer number = known.get(proxy.address());
            if (number == null) {
                while (taken.contains(free)) {
                    free++;
                }
                if (free >= MAX_HOP_COUNTERS) {
                    throw new IllegalArgumentException(
                            "more than " + MAX_HOP_COUNTERS + " proxies in all pools together");
                }
                taken.add(free);
                hopTraffic.clear(free);
                number = free;
            }
            numbers.put(proxy.address(), number);
        }
        return numbers;
    }

    private void swap(
            int slot,
            BpfMap next,
            Optional<BpfMap> previous,
            SortedMap<Integer, Entry> planned,
            Arena arena) {
        binds.renumbered(planned).forEach(bindTraffic::clear);
        pools.put(Keys.of(slot, arena), next);
        try {
            binds.apply(planned);
        } catch (DatapathException | IllegalArgumentException e) {
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
        hopCounters.remove(slot);
        counters.retire(slot);
        return slot;
    }

    /** What each bind's packets came to. */
    Map<Bind, Traffic> bindTraffic() {
        Map<Bind, Traffic> traffic = new HashMap<>();
        binds.current()
                .forEach((number, entry) -> traffic.put(entry.bind(), bindTraffic.read(number)));
        return traffic;
    }

    /** What was sent to each proxy as first hop. */
    Map<Address, Traffic> hopTraffic() {
        Map<Address, Traffic> traffic = new HashMap<>();
        hopCounters
                .values()
                .forEach(numbers ->
                        numbers.forEach((address, number) ->
                                traffic.computeIfAbsent(address, a -> hopTraffic.read(number))));
        return traffic;
    }

    /** Packets of each pool by verdict. */
    <C extends Enum<C>> Map<String, Map<C, Long>> poolCounters(Class<C> type) {
        Map<String, Map<C, Long>> byPool = new TreeMap<>();
        slots.forEach((pool, slot) -> byPool.put(pool, counters.read(type, slot)));
        return byPool;
    }

    /** Generations by pool, as the kernel has them. */
    Map<String, Long> installed() {
        Map<String, Long> installed = new TreeMap<>();
        forEachInstalled((slot, image) -> installed.put(image.pool(), image.generation()));
        return installed;
    }

    /** Of a slot. */
    Optional<String> pool(int slot) {
        return slots.entrySet().stream()
                .filter(e -> e.getValue() == slot)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Of a number, by which its traffic is counted. */
    Optional<Bind> bind(int number) {
        return Optional.ofNullable(binds.current().get(number)).map(Entry::bind);
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
