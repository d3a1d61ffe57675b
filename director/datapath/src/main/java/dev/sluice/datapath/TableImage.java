package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A forwarding table as the BPF programs read it: {@code struct table} of table.h. */
final class TableImage {
    private static final long KEY0 = 0;
    private static final long KEY1 = 8;
    private static final long GENERATION = 16;
    private static final long WIRE = 24;
    private static final long HASH_FIELDS = 28;
    private static final long POOL = 32;
    static final int POOL_NAME_LENGTH = 64;
    private static final long ROWS = POOL + POOL_NAME_LENGTH;
    private static final int ROW_LENGTH = 20;
    private static final int HOP_LENGTH = 4;
    private static final int HOPS = ForwardingTable.MAX_HOPS * HOP_LENGTH;
    private static final int OPEN = HOPS + 1;
    static final int LENGTH = (int) ROWS + ForwardingTable.ROWS * ROW_LENGTH;

    private final MemorySegment memory;

    private TableImage(MemorySegment memory) {
        this.memory = memory;
    }

    static TableImage of(ForwardingTable table, Arena arena) {
        TableImage image = new TableImage(arena.allocate(LENGTH, 8));
        image.writeHeader(table);
        image.writeRows(table);
        return image;
    }

    /** Memory that came from the kernel. */
    static TableImage of(MemorySegment memory) {
        return new TableImage(memory);
    }

    MemorySegment memory() {
        return memory;
    }

    String pool() {
        return memory.getString(POOL, StandardCharsets.UTF_8);
    }

    long generation() {
        return memory.get(JAVA_LONG, GENERATION);
    }

    private void writeHeader(ForwardingTable table) {
        PoolSpec spec = table.spec();
        SipHash.Key key = spec.hashKey();
        memory.set(JAVA_LONG, KEY0, key.k0());
        memory.set(JAVA_LONG, KEY1, key.k1());
        memory.set(JAVA_LONG, GENERATION, table.generation());
        memory.set(JAVA_INT, WIRE, number(spec.wire()));
        memory.set(JAVA_INT, HASH_FIELDS, spec.hashFields().stream().mapToInt(f -> bit(f)).sum());
        byte[] name = table.pool().getBytes(StandardCharsets.UTF_8);
        if (name.length >= POOL_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "pool name of "
                            + name.length
                            + " bytes: the kernel's table has room for "
                            + (POOL_NAME_LENGTH - 1));
        }
        MemorySegment.copy(name, 0, memory, JAVA_BYTE, POOL, name.length);
    }

    private void writeRows(ForwardingTable table) {
        byte[][] addresses =
                table.proxies().stream().map(TableImage::address).toArray(byte[][]::new);
        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            long at = rowOffset(row);
            int hops = table.hopCount(row);
            for (int i = 0; i < hops; i++) {
                byte[] address = addresses[table.hop(row, i)];
                MemorySegment.copy(
                        address, 0, memory, JAVA_BYTE, at + (long) i * HOP_LENGTH, HOP_LENGTH);
            }
            memory.set(JAVA_BYTE, at + HOPS, (byte) hops);
            memory.set(JAVA_BYTE, at + OPEN, (byte) table.openCount(row));
        }
    }

    private static byte[] address(Proxy proxy) {
        return Ipv4.require(proxy.address(), "the address of proxy " + proxy.id()).bytes();
    }

    private static int number(PoolSpec.Wire wire) {
        return switch (wire) {
            case SLUICE -> 0;
            case GLB -> 1;
        };
    }

    private static int bit(PoolSpec.HashField field) {
        return switch (field) {
            case SOURCE_ADDRESS -> 1;
            case DESTINATION_ADDRESS -> 2;
            case SOURCE_PORT -> 4;
            case DESTINATION_PORT -> 8;
        };
    }

    /** Whether this table differs from another only in the order of hops: local demotion. */
    boolean isReorderingOf(TableImage other) {
        if (memory.asSlice(0, ROWS).mismatch(other.memory.asSlice(0, ROWS)) >= 0) {
            return false;
        }
        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            if (!Arrays.equals(sortedHops(row), other.sortedHops(row))) {
                return false;
            }
        }
        return true;
    }

    private int[] sortedHops(int row) {
        long at = rowOffset(row);
        int[] hops = new int[memory.get(JAVA_BYTE, at + HOPS)];
        for (int i = 0; i < hops.length; i++) {
            hops[i] = memory.get(JAVA_INT, at + (long) i * HOP_LENGTH);
        }
        Arrays.sort(hops);
        return hops;
    }

    private static long rowOffset(int row) {
        return ROWS + (long) row * ROW_LENGTH;
    }
}
