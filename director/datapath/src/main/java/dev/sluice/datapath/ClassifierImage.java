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
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * All binds as the BPF programs read them: {@code struct classifier} of classify.h, and behind it
 * the binds themselves for whoever takes the maps over.
 */
final class ClassifierImage {
    static final int MAX_BINDS = 16_384;
    private static final int SLOTS = 65_536;
    private static final int MAX_PROBES = 64;
    private static final int MAX_REGIONS = 65_536;
    private static final int MAX_SPANS = 262_144;

    private static final long MULTIPLIER = 0;
    private static final long SLOTS_USED = 8;
    private static final long REGIONS_USED = 12;
    private static final long SLOT = 16;
    private static final int SLOT_LENGTH = 24;
    private static final int SLOT_PORT = 16;
    private static final int SLOT_PROTOCOL = 18;
    private static final int SLOT_VERSION = 19;
    private static final int SLOT_POOL = 20;
    private static final int SLOT_BIND = 22;
    private static final long REGION = SLOT + (long) SLOTS * SLOT_LENGTH;
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

    private static final int TRIES = 1000;

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
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < TRIES; i++) {
            long multiplier = random.nextLong() | 1;
            memory.asSlice(SLOT, (long) SLOTS * SLOT_LENGTH).fill((byte) 0);
            if (entries.entrySet().stream()
                    .filter(e -> e.getValue().bind().isExact())
                    .allMatch(e -> writeSlot(multiplier, e.getKey(), e.getValue()))) {
                memory.set(JAVA_LONG, MULTIPLIER, multiplier);
                memory.set(JAVA_INT, SLOTS_USED, entries.size());
                return;
            }
        }
        throw new IllegalStateException(
                "no multiplier of " + TRIES + " spreads " + entries.size() + " binds");
    }

    private boolean writeSlot(long multiplier, int number, Entry entry) {
        Bind bind = entry.bind();
        long home = homeSlot(multiplier, bind);
        for (int i = 0; i < MAX_PROBES - 1; i++) {
            long slot = SLOT + (home + i & SLOTS - 1) * SLOT_LENGTH;
            if (memory.get(JAVA_BYTE, slot + SLOT_VERSION) == 0) {
                Addresses.put(memory, slot, bind.address());
                memory.set(Addresses.PORT, slot + SLOT_PORT, (short) bind.firstPort());
                memory.set(JAVA_BYTE, slot + SLOT_PROTOCOL, (byte) bind.protocol().number());
                memory.set(JAVA_BYTE, slot + SLOT_VERSION, Addresses.version(bind.address()));
                memory.set(JAVA_SHORT, slot + SLOT_POOL, (short) entry.slot());
                memory.set(JAVA_SHORT, slot + SLOT_BIND, (short) number);
                return true;
            }
        }
        return false;
    }

    /** As {@code home_slot} of classify.h, which reads words as they lie in the packet. */
    private static long homeSlot(long multiplier, Bind bind) {
        int[] word = Addresses.words(bind.address());
        int port = Short.toUnsignedInt(Short.reverseBytes((short) bind.firstPort()));
        long key =
                (long) word[0] << 32
                        | Integer.toUnsignedLong(port << 16 | bind.protocol().number());
        if (!bind.address().isIpv4()) {
            long middle = (long) word[1] << 32 | Integer.toUnsignedLong(word[2]);
            key ^=
                    middle * 0x9e3779b97f4a7c15L
                            + Integer.toUnsignedLong(word[3]) * 0xff51afd7ed558ccdL;
        }
        return (key * multiplier) >>> 48;
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
