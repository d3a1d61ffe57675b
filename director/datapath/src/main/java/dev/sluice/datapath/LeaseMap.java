package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;

/** Until when the table of each pool is confirmed, by slot. */
final class LeaseMap {
    private final BpfMap map;

    LeaseMap(BpfMap map) {
        this.map = map;
    }

    void put(int slot, long untilKtimeNs) {
        try (Arena arena = Arena.ofConfined()) {
            map.put(Keys.of(slot, arena), arena.allocateFrom(JAVA_LONG, untilKtimeNs));
        }
    }
}
