package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;

/** Per-CPU packet counters, summed. They live as long as the pins: read them as ever growing. */
final class CounterMap {
    private static final int NO_POOL = PoolTables.MAX_POOLS;

    private final BpfMap map;

    CounterMap(BpfMap map) {
        this.map = map;
    }

    /** Of all pools together, and of packets that belong to none; by their order in the program. */
    <C extends Enum<C>> Map<C, Long> read(Class<C> type) {
        try (Arena arena = Arena.ofConfined()) {
            return named(type, sums(map.values(arena)));
        }
    }

    /** Of packets that belong to no pool. */
    <C extends Enum<C>> Map<C, Long> readUnclaimed(Class<C> type) {
        return read(type, NO_POOL);
    }

    /** Of one pool. */
    <C extends Enum<C>> Map<C, Long> read(Class<C> type, int slot) {
        try (Arena arena = Arena.ofConfined()) {
            return named(type, sums(map.get(Keys.of(slot, arena), arena).orElseThrow()));
        }
    }

    /** Of a pool that is gone: its packets belong to none, and its slot begins anew. */
    void retire(int slot) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment gone = map.get(Keys.of(slot, arena), arena).orElseThrow();
            MemorySegment none = map.get(Keys.of(NO_POOL, arena), arena).orElseThrow();
            for (int i = 0; i < gone.byteSize() / Long.BYTES; i++) {
                long sum =
                        none.getAtIndex(ValueLayout.JAVA_LONG, i)
                                + gone.getAtIndex(ValueLayout.JAVA_LONG, i);
                none.setAtIndex(ValueLayout.JAVA_LONG, i, sum);
            }
            map.put(Keys.of(NO_POOL, arena), none);
        }
        map.clear(slot);
    }

    private long[] sums(MemorySegment perCpu) {
        long[] sums = new long[map.valueSize() / Long.BYTES];
        for (int i = 0; i < perCpu.byteSize() / Long.BYTES; i++) {
            sums[i % sums.length] += perCpu.getAtIndex(ValueLayout.JAVA_LONG, i);
        }
        return sums;
    }

    private static <C extends Enum<C>> Map<C, Long> named(Class<C> type, long[] sums) {
        Map<C, Long> counters = new EnumMap<>(type);
        C[] byNumber = type.getEnumConstants();
        for (int i = 0; i < byNumber.length; i++) {
            counters.put(byNumber[i], sums[i]);
        }
        return counters;
    }
}
