package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@code struct traffic} of table.h by number, per CPU. */
final class TrafficMap {
    private final BpfMap map;

    TrafficMap(BpfMap map) {
        this.map = map;
    }

    /** Summed over all CPUs. */
    Traffic read(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment perCpu = map.get(Keys.of(number, arena), arena).orElseThrow();
            long packets = 0;
            long bytes = 0;
            for (long at = 0; at < perCpu.byteSize(); at += 2L * Long.BYTES) {
                packets += perCpu.get(JAVA_LONG, at);
                bytes += perCpu.get(JAVA_LONG, at + Long.BYTES);
            }
            return new Traffic(packets, bytes);
        }
    }

    /** For a number that gets another meaning. */
    void clear(int number) {
        map.clear(number);
    }
}
