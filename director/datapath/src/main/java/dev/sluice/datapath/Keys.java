package dev.sluice.datapath;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Keys of array maps. */
final class Keys {
    private Keys() {}

    static MemorySegment of(int index, Arena arena) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, index);
    }

    /** Of the arrays that have one entry. */
    static MemorySegment zero(Arena arena) {
        return of(0, arena);
    }
}
