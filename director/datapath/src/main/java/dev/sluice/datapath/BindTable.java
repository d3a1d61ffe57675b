package dev.sluice.datapath;

import dev.sluice.cluster.pool.Bind;
import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which pool a packet belongs to, by destination. All binds of all pools are one value in the
 * kernel, put live by one pointer swap; a copy is kept here, which only this object's owner
 * changes.
 *
 * <p>Binds have numbers, by which their traffic is counted: one keeps its number as long as it is
 * there.
 */
final class BindTable {
    /**
     * @param slot of the pool
     */
    record Entry(Bind bind, int slot) {}

    private final BpfMap map;
    private SortedMap<Integer, Entry> current;

    BindTable(BpfMap map) {
        this.map = map;
        this.current = read();
    }

    private SortedMap<Integer, Entry> read() {
        try (Arena arena = Arena.ofConfined()) {
            Optional<BpfMap> inner = map.inner(Keys.zero(arena));
            if (inner.isEmpty()) {
                return new TreeMap<>();
            }
            try (BpfMap image = inner.get()) {
                return ClassifierImage.of(image.get(Keys.zero(arena), arena).orElseThrow())
                        .entries();
            }
        }
    }

    /** By number. */
    SortedMap<Integer, Entry> current() {
        return current;
    }

    /**
     * All binds as they would be if a pool had exactly these.
     *
     * @throws IllegalArgumentException if one of them belongs to another pool, or overlaps one of
     *     another pool so that neither is more specific, or they are too many
     */
    SortedMap<Integer, Entry> planned(int slot, List<Bind> binds) {
        SortedMap<Integer, Entry> planned = new TreeMap<>(current);
        Set<Bind> wanted = new HashSet<>(binds);
        wanted.forEach(BindTable::requireBlock);
        planned.values().removeIf(e -> e.slot() == slot && !wanted.contains(e.bind()));
        requireApart(slot, wanted, planned.values());
        planned.values().stream()
                .filter(e -> e.slot() == slot)
                .forEach(e -> wanted.remove(e.bind()));
        if (planned.size() + wanted.size() > ClassifierImage.MAX_BINDS) {
            throw new IllegalArgumentException(
                    planned.size()
                            + wanted.size()
                            + " binds: the datapath has room for "
                            + ClassifierImage.MAX_BINDS);
        }
        var free =
                IntStream.range(0, ClassifierImage.MAX_BINDS)
                        .filter(number -> !planned.containsKey(number))
                        .limit(wanted.size())
                        .toArray();
        List<Bind> inOrder = wanted.stream().sorted(Comparator.comparing(Bind::toString)).toList();
        for (int i = 0; i < inOrder.size(); i++) {
            planned.put(free[i], new Entry(inOrder.get(i), slot));
        }
        return planned;
    }

    private static void requireBlock(Bind bind) {
        byte[] bytes = bind.address().bytes();
        for (int bit = bind.prefixBits(); bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                throw new IllegalArgumentException(
                        "bind " + bind + " has bits set behind its prefix");
            }
        }
    }

    private static void requireApart(int slot, Set<Bind> wanted, Collection<Entry> planned) {
        for (Entry entry : planned) {
            if (entry.slot() == slot) {
                continue;
            }
            Bind other = entry.bind();
            wanted.stream()
                    .filter(other::conflictsWith)
                    .findFirst()
                    .ifPresent(bind -> {
                        throw new IllegalArgumentException(
                                bind.equals(other)
                                        ? "bind " + other + " belongs to another pool"
                                        : "bind "
                                                + bind
                                                + " overlaps "
                                                + other
                                                + " of another pool, and neither is more specific");
                    });
        }
    }

    /** Makes the kernel's so, in one step. Nothing happens if they are so. */
    void apply(SortedMap<Integer, Entry> planned) {
        if (planned.equals(current)) {
            return;
        }
        try (Arena arena = Arena.ofConfined();
                BpfMap next =
                        BpfMap.create("binds", BpfMap.Type.ARRAY, 4, ClassifierImage.LENGTH, 1)) {
            next.put(Keys.zero(arena), ClassifierImage.of(planned, arena).memory());
            map.put(Keys.zero(arena), next);
        }
        current = planned;
    }

    /** Numbers that a plan gives to other binds than now. */
    Set<Integer> renumbered(Map<Integer, Entry> planned) {
        Set<Integer> numbers = new HashSet<>();
        planned.forEach((number, entry) -> {
            if (!entry.equals(current.get(number))) {
                numbers.add(number);
            }
        });
        return numbers;
    }
}
