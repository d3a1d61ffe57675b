package dev.sluice.cluster.table;

import java.util.BitSet;
import java.util.stream.IntStream;

/** An immutable set of rows: 65,536 bits. */
public final class RowSet {
    public static final RowSet NONE = new RowSet(new BitSet());
    private static final int BYTES = ForwardingTable.ROWS / 8;

    private final BitSet bits;

    private RowSet(BitSet bits) {
        this.bits = bits;
    }

    public static RowSet of(IntStream rows) {
        BitSet bits = new BitSet(ForwardingTable.ROWS);
        rows.forEach(bits::set);
        return new RowSet(bits);
    }

    /** Takes a copy. */
    static RowSet of(BitSet bits) {
        return new RowSet((BitSet) bits.clone());
    }

    /**
     * @param bytes row r = bit {@code r & 7} of byte {@code r >> 3}; at most 8,192
     */
    public static RowSet ofBytes(byte[] bytes) {
        if (bytes.length > BYTES) {
            throw new IllegalArgumentException(
                    "a row set has at most " + BYTES + " bytes, not " + bytes.length);
        }
        return new RowSet(BitSet.valueOf(bytes));
    }

    /** As {@link #ofBytes} reads it; trailing zero bytes are left out. */
    public byte[] bytes() {
        return bits.toByteArray();
    }

    public boolean contains(int row) {
        return bits.get(row);
    }

    public boolean isEmpty() {
        return bits.isEmpty();
    }

    public int size() {
        return bits.cardinality();
    }

    public IntStream rows() {
        return bits.stream();
    }

    /** The rows that are in both. */
    public RowSet and(RowSet other) {
        BitSet both = (BitSet) bits.clone();
        both.and(other.bits);
        return new RowSet(both);
    }

    /** The rows that are in one of them. */
    public RowSet or(RowSet other) {
        BitSet either = (BitSet) bits.clone();
        either.or(other.bits);
        return new RowSet(either);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowSet that && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @Override
    public String toString() {
        return size() + " rows";
    }
}
