package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.datapath.BindTable.Entry;
import dev.sluice.datapath.Regions.Region;
import dev.sluice.datapath.Regions.Span;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All binds as the BPF programs read them: {@code struct classifier} of classify.h, and behind it
 * the binds themselves for whoever takes the maps over.
 */
final class ClassifierImage {
    static final int MAX_BINDS = 16_384;
    private static final int MAX_REGIONS = 65_536;
    private static final int MAX_SPANS = 262_144;

    private static final long HASH6 = PerfectHash.HEADER_LENGTH;
    private static final long REGIONS_USED = HASH6 + PerfectHash.HEADER_LENGTH;
    private static final long SLOTS = REGIONS_USED + 8;
    private static final long REGION = SLOTS + ExactSlots.LENGTH4 + ExactSlots.LENGTH6;
    private static final int REGION_LENGTH = 24;
    private static final long SPAN = REGION + (long) MAX_REGIONS * REGION_LENGTH;
    private static final int SPAN_LENGTH = 8;
    private static final long RECORD = SPAN + (long) MAX_SPANS * SPAN_LENGTH;
    private static final int RECORD_LENGTH = 24;
    private static final int RECORD_FIRST_PORT = 16;
    private static final int RECORD_LAST_PORT = 18;
    private static final int RECORD_PREFIX = 20;
    private static final int RECORD_PROTOCOL = 21;
    private static final int RECORD_VERSION = 22;
    private static final int RECORD_POOL = 23;
    static final int LENGTH = (int) RECORD + MAX_BINDS * RECORD_LENGTH;

    private final MemorySegment memory;

    private ClassifierImage(MemorySegment memory) {
        this.memory = memory;
    }

    /**
     * @param entries by number, each below {@link #MAX_BINDS}
     * @throws IllegalArgumentException if there is no room for their combinations
     */
    static ClassifierImage of(SortedMap<Integer, Entry> entries, Arena arena) {
        ClassifierImage image = new ClassifierImage(arena.allocate(LENGTH, 8));
        image.writeSlots(entries);
        image.writeRegions(Regions.of(entries));
        entries.forEach(image::writeRecord);
        return image;
    }

    /** Memory that came from the kernel. */
    static ClassifierImage of(MemorySegment memory) {
        return new ClassifierImage(memory);
    }

    MemorySegment memory() {
        return memory;
    }

    private void writeSlots(SortedMap<Integer, Entry> entries) {
        MemorySegment hash4 = memory.asSlice(0, PerfectHash.HEADER_LENGTH);
        MemorySegment hash6 = memory.asSlice(HASH6, PerfectHash.HEADER_LENGTH);
        MemorySegment slots4 = memory.asSlice(SLOTS, ExactSlots.LENGTH4);
        MemorySegment slots6 = memory.asSlice(SLOTS + ExactSlots.LENGTH4, ExactSlots.LENGTH6);
        ExactSlots.writeIpv4(entries, hash4, slots4);
        ExactSlots.writeIpv6(entries, hash6, slots6);
    }

    private void writeRegions(List<Region> regions) {
        if (regions.size() > MAX_REGIONS) {
            throw new IllegalArgumentException(
                    regions.size() + " blocks of addresses: there is room for " + MAX_REGIONS);
        }
        memory.set(JAVA_INT, REGIONS_USED, regions.size());
        TreeMap<Integer, Integer> spansAt = new TreeMap<>();
        int used = 0;
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            Integer known = spansAt.get(region.list());
            int first = known == null ? used : known;
            if (known == null) {
                used = writeSpans(used, region.spans());
                spansAt.put(region.list(), first);
            }
            long at = REGION + (long) i * REGION_LENGTH;
            memory.set(JAVA_LONG, at, region.high());
            memory.set(JAVA_LONG, at + 8, region.low());
            memory.set(JAVA_INT, at + 16, first);
            memory.set(JAVA_INT, at + 20, region.spans().size());
        }
    }

    private int writeSpans(int from, List<Span> spans) {
        if (from + spans.size() > MAX_SPANS) {
            throw new IllegalArgumentException(
                    "too many combinations of blocks and port ranges: there is room for "
                            + MAX_SPANS);
        }
        long at = SPAN + (long) from * SPAN_LENGTH;
        for (Span span : spans) {
            memory.set(JAVA_INT, at, span.first());
            memory.set(JAVA_SHORT, at + 4, (short) span.slot());
            memory.set(JAVA_SHORT, at + 6, (short) span.bind());
            at += SPAN_LENGTH;
        }
        return from + spans.size();
    }

    private void writeRecord(int number, Entry entry) {
        Bind bind = entry.bind();
        long at = RECORD + (long) number * RECORD_LENGTH;
        Addresses.put(memory, at, bind.address());
        memory.set(Addresses.PORT, at + RECORD_FIRST_PORT, (short) bind.firstPort());
        memory.set(Addresses.PORT, at + RECORD_LAST_PORT, (short) bind.lastPort());
        memory.set(JAVA_BYTE, at + RECORD_PREFIX, (byte) bind.prefixBits());
        memory.set(JAVA_BYTE, at + RECORD_PROTOCOL, (byte) bind.protocol().number());
        memory.set(JAVA_BYTE, at + RECORD_VERSION, Addresses.version(bind.address()));
        memory.set(JAVA_BYTE, at + RECORD_POOL, (byte) entry.slot());
    }

    /** What the image was made of. */
    SortedMap<Integer, Entry> entries() {
        SortedMap<Integer, Entry> entries = new TreeMap<>();
        for (int number = 0; number < MAX_BINDS; number++) {
            long at = RECORD + (long) number * RECORD_LENGTH;
            byte version = memory.get(JAVA_BYTE, at + RECORD_VERSION);
            if (version != 0) {
                entries.put(number, readRecord(at, version));
            }
        }
        return entries;
    }

    private Entry readRecord(long at, byte version) {
        Address address = Addresses.get(memory, at, version);
        Protocol protocol =
                memory.get(JAVA_BYTE, at + RECORD_PROTOCOL) == Protocol.TCP.number()
                        ? Protocol.TCP
                        : Protocol.UDP;
        Bind bind =
                new Bind(
                        address,
                        Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + RECORD_PREFIX)),
                        protocol,
                        Addresses.port(memory, at + RECORD_FIRST_PORT),
                        Addresses.port(memory, at + RECORD_LAST_PORT));
        return new Entry(bind, Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + RECORD_POOL)));
    }
}
