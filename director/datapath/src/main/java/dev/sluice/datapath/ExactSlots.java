package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.datapath.BindTable.Entry;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Binds of one address and one port, {@code struct slot4} and {@code slot6} of classify.h. */
final class ExactSlots {
    private static final int SLOTS = PerfectHash.slots(ClassifierImage.MAX_BINDS) + 1;
    private static final int SLOT4 = 16;
    private static final int POOL4 = 8;
    private static final int SLOT6 = 32;
    private static final int HIGH6 = 8;
    private static final int LOW6 = 16;
    private static final int POOL6 = 24;

    /** Of all slots. */
    static final long LENGTH4 = (long) SLOTS * SLOT4;

    static final long LENGTH6 = (long) SLOTS * SLOT6;

    private ExactSlots() {}

    /** Into memory that is all zero. */
    static void writeIpv4(
            SortedMap<Integer, Entry> entries, MemorySegment header, MemorySegment slots) {
        Map<Key, Integer> numbers = exact(entries, true);
        PerfectHash hash = hash(numbers, header);
        numbers.forEach((key, number) -> {
            long at = (long) hash.slot(key.mixed()) * SLOT4;
            slots.set(JAVA_LONG, at, key.word());
            writeMatch(slots, at + POOL4, entries, number);
        });
    }

    /** Into memory that is all zero. */
    static void writeIpv6(
            SortedMap<Integer, Entry> entries, MemorySegment header, MemorySegment slots) {
        Map<Key, Integer> numbers = exact(entries, false);
        PerfectHash hash = hash(numbers, header);
        numbers.forEach((key, number) -> {
            long at = (long) hash.slot(key.mixed()) * SLOT6;
            slots.set(JAVA_LONG, at, key.word());
            slots.set(JAVA_LONG, at + HIGH6, key.high());
            slots.set(JAVA_LONG, at + LOW6, key.low());
            writeMatch(slots, at + POOL6, entries, number);
        });
    }

    private static PerfectHash hash(Map<Key, Integer> numbers, MemorySegment header) {
        PerfectHash hash =
                PerfectHash.of(numbers.keySet().stream().mapToLong(Key::mixed).toArray());
        hash.write(header);
        return hash;
    }

    private static void writeMatch(
            MemorySegment slots, long at, SortedMap<Integer, Entry> entries, int number) {
        Entry entry = entries.get(number);
        if (entry == null) {
            throw new IllegalArgumentException("no bind " + number);
        }
        slots.set(JAVA_SHORT, at, (short) entry.slot());
        slots.set(JAVA_SHORT, at + Short.BYTES, (short) number);
    }

    /** Numbers by key. */
    private static Map<Key, Integer> exact(SortedMap<Integer, Entry> entries, boolean ipv4) {
        Map<Key, Integer> numbers = new TreeMap<>();
        entries.forEach((number, entry) -> {
            Bind bind = entry.bind();
            if (bind.isExact() && bind.address().isIpv4() == ipv4) {
                numbers.put(Key.of(bind), number);
            }
        });
        return numbers;
    }

    /** What a slot is found by, with addresses as they lie in a packet; of IPv4 in the word. */
    private record Key(long word, long high, long low) implements Comparable<Key> {
        static Key of(Bind bind) {
            Address address = bind.address();
            int[] words = Addresses.words(address);
            long port = Short.toUnsignedLong(Short.reverseBytes((short) bind.firstPort()));
            long word =
                    port << 32
                            | (long) bind.protocol().number() << 48
                            | (long) Addresses.version(address) << 56;
            return address.isIpv4()
                    ? new Key(word | Integer.toUnsignedLong(words[0]), 0, 0)
                    : new Key(word, pair(words[0], words[1]), pair(words[2], words[3]));
        }

        private static long pair(int first, int second) {
            return Integer.toUnsignedLong(first) | (long) second << 32;
        }

        /** As {@code find_slot6} of classify.h does it. */
        long mixed() {
            return word ^ high * 0x9e3779b97f4a7c15L ^ low * 0xff51afd7ed558ccdL;
        }

        @Override
        public int compareTo(Key other) {
            int order = Long.compare(word, other.word);
            order = order != 0 ? order : Long.compare(high, other.high);
            return order != 0 ? order : Long.compare(low, other.low);
        }
    }
}
