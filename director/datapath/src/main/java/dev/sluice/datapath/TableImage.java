package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
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
import java.util.stream.IntStream;

/** A forwarding table as the BPF programs read it: {@code struct table} of table.h. */
final class TableImage {
    private static final long START = 0;
    private static final long GENERATION = 32;
    private static final long WIRE = 40;
    private static final long HASH_FIELDS = 41;
    private static final long OTHER_FIELDS = 42;
    private static final long VERSION = 43;
    private static final long NARROW = 44;
    private static final long OVERHEAD = 48;
    private static final long PLAIN = 52;
    private static final long POOL = 56;
    static final int POOL_NAME_LENGTH = 64;
    static final int MAX_PROXIES = 4096;
    static final long HOPS = POOL + POOL_NAME_LENGTH;
    static final int HOP_LENGTH = 8;
    private static final long HOP_SUM = 4;
    private static final long HOP_COUNTER = 6;
    private static final long ADDRESSES6 = HOPS + (long) MAX_PROXIES * HOP_LENGTH;
    private static final long ROWS = ADDRESSES6 + (long) MAX_PROXIES * Addresses.LENGTH;
    static final int LENGTH = (int) (ROWS + TableRows.LENGTH);

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
        image.rows().write(table);
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
        writeStart(spec.hashKey());
        memory.set(JAVA_LONG, GENERATION, table.generation());
        memory.set(JAVA_BYTE, WIRE, number(spec.wire()));
        memory.set(JAVA_BYTE, HASH_FIELDS, bits(spec.hashFields()));
        memory.set(JAVA_BYTE, OTHER_FIELDS, bits(spec.otherHashFields()));
        memory.set(JAVA_BYTE, VERSION, version(table));
        memory.set(JAVA_INT, NARROW, TableRows.narrow(table));
        memory.set(JAVA_INT, OVERHEAD, DirectorModel.overhead(table));
        memory.set(JAVA_INT, PLAIN, isPlain(table) ? 1 : 0);
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

    /** SipHash's state before the first word, with the half of a round that is done ahead. */
    private void writeStart(SipHash.Key key) {
        long v1 = key.k1() ^ 0x646f72616e646f6dL;
        long v0 = (key.k0() ^ 0x736f6d6570736575L) + v1;
        memory.set(JAVA_LONG, START, Long.rotateLeft(v0, 32));
        memory.set(JAVA_LONG, START + 8, Long.rotateLeft(v1, 13) ^ v0);
        memory.set(JAVA_LONG, START + 16, key.k0() ^ 0x6c7967656e657261L);
        memory.set(JAVA_LONG, START + 24, key.k1() ^ 0x7465646279746573L);
    }

    /** Whether packets may take the program's straight way. */
    private static boolean isPlain(ForwardingTable table) {
        boolean hashesAll = table.spec().hashFields().size() == HashField.values().length;
        return version(table) == 4 && hashesAll && !table.spec().isMigrating();
    }

    /** Of IP on the underlay. */
    private static byte version(ForwardingTable table) {
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
        return (byte) version;
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
            if (address.isIpv4()) {
                Addresses.put(memory, at, address);
                memory.set(JAVA_SHORT, at + HOP_SUM, folded(Addresses.sum(address)));
            } else {
                Addresses.put(memory, ADDRESSES6 + (long) i * Addresses.LENGTH, address);
            }
            memory.set(JAVA_SHORT, at + HOP_COUNTER, (short) counters.applyAsInt(address));
        }
    }

    private static short folded(int sum) {
        return (short) ((sum & 0xffff) + (sum >>> 16));
    }

    private TableRows rows() {
        return new TableRows(memory.asSlice(ROWS), memory.get(JAVA_INT, NARROW));
    }

    /** The numbers by which the hops are counted, by address. */
    Map<Address, Integer> counters() {
        Map<Address, Integer> counters = new HashMap<>();
        for (int i = 0; i < MAX_PROXIES; i++) {
            Address address = hop(i);
            if (isNone(address)) {
                break;
            }
            long at = HOPS + (long) i * HOP_LENGTH;
            counters.put(address, Short.toUnsignedInt(memory.get(JAVA_SHORT, at + HOP_COUNTER)));
        }
        return counters;
    }

    private Address hop(int index) {
        int version = memory.get(JAVA_BYTE, VERSION);
        long at =
                version == 4
                        ? HOPS + (long) index * HOP_LENGTH
                        : ADDRESSES6 + (long) index * Addresses.LENGTH;
        return Addresses.get(memory, at, version);
    }

    private static boolean isNone(Address address) {
        return Arrays.equals(address.bytes(), new byte[address.bytes().length]);
    }

    private static byte number(PoolSpec.Wire wire) {
        return switch (wire) {
            case SLUICE -> 0;
            case GLB -> 1;
        };
    }

    private static byte bits(Set<HashField> fields) {
        return (byte) fields.stream().mapToInt(TableImage::bit).sum();
    }

    private static int bit(HashField field) {
        return switch (field) {
            case SOURCE_ADDRESS -> 1;
            case DESTINATION_ADDRESS -> 2;
            case SOURCE_PORT -> 4;
            case DESTINATION_PORT -> 8;
        };
    }

    /** Whether this table differs from another only in the order of hops: local demotion. */
    boolean isReorderingOf(TableImage other) {
        if (!isSame(other, 0, NARROW) || !isSame(other, OVERHEAD, ROWS - OVERHEAD)) {
            return false;
        }
        TableRows mine = rows();
        TableRows others = other.rows();
        return IntStream.range(0, ForwardingTable.ROWS)
                .allMatch(row -> Arrays.equals(sorted(mine.hops(row)), sorted(others.hops(row))));
    }

    private boolean isSame(TableImage other, long at, long length) {
        return memory.asSlice(at, length).mismatch(other.memory.asSlice(at, length)) < 0;
    }

    private static int[] sorted(int[] hops) {
        Arrays.sort(hops);
        return hops;
    }

    /** The hops of a row in their order, as indexes into the table's proxies. */
    int[] hops(int row) {
        return rows().hops(row);
    }
}
