package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/** A forwarding table as the BPF programs read it: {@code struct table} of table.h. */
final class TableImage {
    private static final long KEY0 = 0;
    private static final long KEY1 = 8;
    private static final long GENERATION = 16;
    private static final long WIRE = 24;
    private static final long HASH_FIELDS = 28;
    private static final long OTHER_FIELDS = 32;
    private static final long VERSION = 36;
    private static final long OVERHEAD = 40;
    private static final long POOL = 48;
    static final int POOL_NAME_LENGTH = 64;
    static final int MAX_PROXIES = 4096;
    static final long HOPS = POOL + POOL_NAME_LENGTH;
    static final int HOP_LENGTH = 32;
    private static final long HOP_SUM = 16;
    private static final long HOP_COUNTER = 20;
    static final long ROWS = HOPS + (long) MAX_PROXIES * HOP_LENGTH;
    private static final int HOP_BITS = 16;
    private static final long INDEX_MASK = 0xfff;
    private static final int HOP_COUNT_SHIFT = 12;
    private static final int OPEN_SHIFT = 28;
    private static final long MORE = ROWS + (long) ForwardingTable.ROWS * Integer.BYTES;
    static final int LENGTH = (int) MORE + ForwardingTable.ROWS * Integer.BYTES;

    private final MemorySegment memory;

    private TableImage(MemorySegment memory) {
        this.memory = memory;
    }

    /**
     * @param counters numbers by which hops are counted
     */
    static TableImage of(ForwardingTable table, ToIntFunction<Address> counters, Arena arena) {
        TableImage image = new TableImage(arena.allocate(LENGTH, 8));
        image.writeHeader(table);
        image.writeHops(table, counters);
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
        memory.set(JAVA_INT, HASH_FIELDS, bits(spec.hashFields()));
        memory.set(JAVA_INT, OTHER_FIELDS, bits(spec.otherHashFields()));
        memory.set(JAVA_INT, VERSION, version(table));
        memory.set(JAVA_INT, OVERHEAD, DirectorModel.overhead(table));
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

    /** Of IP on the underlay. */
    private static int version(ForwardingTable table) {
        List<Integer> versions =
                table.proxies().stream()
                        .map(p -> (int) Addresses.version(p.address()))
                        .distinct()
                        .toList();
        if (versions.size() > 1) {
            throw new IllegalArgumentException(
                    "pool "
                            + table.pool()
                            + " has proxies with IPv4 and with IPv6 addresses on the underlay: a"
                            + " packet's chain is of one family");
        }
        int version = versions.isEmpty() ? 4 : versions.getFirst();
        if (version == 6 && table.spec().wire() == PoolSpec.Wire.GLB) {
            throw new IllegalArgumentException(
                    "pool "
                            + table.pool()
                            + " has wire: glb, which knows no IPv6 hops: use wire: sluice");
        }
        return version;
    }

    private void writeHops(ForwardingTable table, ToIntFunction<Address> counters) {
        List<Proxy> proxies = table.proxies();
        if (proxies.size() > MAX_PROXIES) {
            throw new IllegalArgumentException(
                    "pool "
                            + table.pool()
                            + " has "
                            + proxies.size()
                            + " proxies: the datapath has room for "
                            + MAX_PROXIES);
        }
        for (int i = 0; i < proxies.size(); i++) {
            Address address = proxies.get(i).address();
            long at = HOPS + (long) i * HOP_LENGTH;
            Addresses.put(memory, at, address);
            memory.set(JAVA_INT, at + HOP_SUM, address.isIpv4() ? Addresses.sum(address) : 0);
            memory.set(JAVA_INT, at + HOP_COUNTER, counters.applyAsInt(address));
        }
    }

    private void writeRows(ForwardingTable table) {
        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            int hops = table.hopCount(row);
            long word = (long) hops << HOP_COUNT_SHIFT | (long) table.openCount(row) << OPEN_SHIFT;
            for (int i = 0; i < hops; i++) {
                word |= (long) table.hop(row, i) << (i * HOP_BITS);
            }
            long at = (long) row * Integer.BYTES;
            memory.set(JAVA_INT, ROWS + at, (int) word);
            memory.set(JAVA_INT, MORE + at, (int) (word >>> Integer.SIZE));
        }
    }

    private long word(int row) {
        long at = (long) row * Integer.BYTES;
        return Integer.toUnsignedLong(memory.get(JAVA_INT, ROWS + at))
                | (long) memory.get(JAVA_INT, MORE + at) << Integer.SIZE;
    }

    /** The numbers by which the hops are counted, by address. */
    Map<Address, Integer> counters() {
        Map<Address, Integer> counters = new HashMap<>();
        int version = memory.get(JAVA_INT, VERSION);
        byte[] none = new byte[Addresses.LENGTH];
        for (int i = 0; i < MAX_PROXIES; i++) {
            long at = HOPS + (long) i * HOP_LENGTH;
            byte[] bytes = memory.asSlice(at, Addresses.LENGTH).toArray(JAVA_BYTE);
            if (Arrays.equals(bytes, none)) {
                break;
            }
            counters.put(
                    Addresses.get(memory, at, version), memory.get(JAVA_INT, at + HOP_COUNTER));
        }
        return counters;
    }

    private static int number(PoolSpec.Wire wire) {
        return switch (wire) {
            case SLUICE -> 0;
            case GLB -> 1;
        };
    }

    private static int bits(Set<PoolSpec.HashField> fields) {
        return fields.stream().mapToInt(TableImage::bit).sum();
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
        long word = word(row);
        int[] hops = new int[(int) (word >> HOP_COUNT_SHIFT) & 15];
        for (int i = 0; i < hops.length; i++) {
            hops[i] = (int) ((word >> (i * HOP_BITS)) & INDEX_MASK);
        }
        Arrays.sort(hops);
        return hops;
    }
}
