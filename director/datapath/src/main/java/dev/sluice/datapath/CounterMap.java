package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;

/** Per-CPU packet counters, summed. They live as long as the pins: read them as ever growing. */
final class CounterMap {
    private final BpfMap map;

    CounterMap(BpfMap map) {
        this.map = map;
    }

    /** All of an enum's counters, by its order in the program. */
    <C extends Enum<C>> Map<C, Long> read(Class<C> type) {
        long[] sums = sums();
        Map<C, Long> counters = new EnumMap<>(type);
        C[] byNumber = type.getEnumConstants();
        for (int i = 0; i < byNumber.length; i++) {
            counters.put(byNumber[i], sums[i]);
        }
        return counters;
    }

    private long[] sums() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment perCpu = map.get(Keys.zero(arena), arena).orElseThrow();
            int count = map.valueSize() / Long.BYTES;
            long[] sums = new long[count];
            for (int i = 0; i < perCpu.byteSize() / Long.BYTES; i++) {
                sums[i % count] += perCpu.getAtIndex(ValueLayout.JAVA_LONG, i);
            }
            return sums;
        }
    }
}
