package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sluice.cluster.table.ForwardingTable;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * The rows of a table as the BPF programs read them: the narrow ones, and behind them the others,
 * 65,536 each. What narrow means says table.h.
 */
final class TableRows {
    private static final long WIDE = (long) ForwardingTable.ROWS * Short.BYTES;
    static final long LENGTH = WIDE + (long) ForwardingTable.ROWS * Long.BYTES;
    private static final int NARROW_HOPS = 2;
    private static final int HOP_BITS = 16;
    private static final long INDEX_MASK = 0xfff;
    private static final int HOP_COUNT_SHIFT = 12;
    private static final int OPEN_SHIFT = 28;

    private final MemorySegment memory;
    private final int narrow;

    /**
     * @param memory of the rows
     * @param narrow bytes of a narrow row, 1 or 2, or 0 if there are none
     */
    TableRows(MemorySegment memory, int narrow) {
        this.memory = memory;
        this.narrow = narrow;
    }

    /**
     * How many bytes a table's narrow rows take. 0 if most rows are none: a packet would ask for
     * nothing.
     */
    static int narrow(ForwardingTable table) {
        int bytes = bytes(table.proxies().size());
        long fitting = IntStream.range(0, ForwardingTable.ROWS).filter(r -> fits(table, r)).count();
        return fitting * 2 > ForwardingTable.ROWS ? bytes : 0;
    }

    private static int bytes(int proxies) {
        if (proxies <= 1 << bits(1)) {
            return 1;
        }
        return proxies <= 1 << bits(2) ? 2 : 0;
    }

    /** Of a hop in a narrow row of so many bytes. */
    private static int bits(int bytes) {
        return bytes * Byte.SIZE / NARROW_HOPS;
    }

    private static boolean fits(ForwardingTable table, int row) {
        return table.hopCount(row) == NARROW_HOPS && table.openCount(row) == NARROW_HOPS;
    }

    void write(ForwardingTable table) {
        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            if (narrow > 0 && fits(table, row)) {
                setNarrow(row, table.hop(row, 0) | table.hop(row, 1) << bits(narrow));
            } else {
                memory.set(JAVA_LONG, WIDE + (long) row * Long.BYTES, word(table, row));
            }
        }
    }

    private void setNarrow(int row, int hops) {
        if (narrow == 1) {
            memory.set(JAVA_BYTE, row, (byte) hops);
        } else {
            memory.set(JAVA_SHORT, (long) row * Short.BYTES, (short) hops);
        }
    }

    /** 0: not a narrow row. */
    private int getNarrow(int row) {
        return switch (narrow) {
            case 0 -> 0;
            case 1 -> Byte.toUnsignedInt(memory.get(JAVA_BYTE, row));
            default -> Short.toUnsignedInt(memory.get(JAVA_SHORT, (long) row * Short.BYTES));
        };
    }

    private static long word(ForwardingTable table, int row) {
        int hops = table.hopCount(row);
        long word = (long) hops << HOP_COUNT_SHIFT | (long) table.openCount(row) << OPEN_SHIFT;
        for (int i = 0; i < hops; i++) {
            word |= (long) table.hop(row, i) << (i * HOP_BITS);
        }
        return word;
    }

    /** The hops of a row in their order, as indexes into the table's proxies. */
    int[] hops(int row) {
        int both = getNarrow(row);
        if (both != 0) {
            return new int[] {both & (1 << bits(narrow)) - 1, both >> bits(narrow)};
        }
        long word = memory.get(JAVA_LONG, WIDE + (long) row * Long.BYTES);
        int[] hops = new int[(int) (word >> HOP_COUNT_SHIFT) & 15];
        for (int i = 0; i < hops.length; i++) {
            hops[i] = (int) ((word >> (i * HOP_BITS)) & INDEX_MASK);
        }
        return hops;
    }
}
