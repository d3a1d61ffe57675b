package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A slot of its own for each of a fixed set of keys: {@code struct hash} of classify.h. A key's
 * hash tells its bucket, and the bucket's multiplier, found by trying, sends each of its keys to
 * another free slot; the largest buckets choose first (hash and displace: Belazzougui, Botelho,
 * Dietzfelbinger 2009).
 */
final class PerfectHash {
    private static final int BUCKETS = 4_098;
    private static final int KEYS_PER_BUCKET = 4;
    private static final int SPARE = 16;
    private static final int TRIES = 100;
    private static final int TRIES_OF_A_BUCKET = 1 << 20;

    private static final long MULTIPLIER = 0;
    private static final long BUCKETS_USED = 8;
    private static final long SLOTS_USED = 12;
    private static final long BUCKET = 16;
    static final long HEADER_LENGTH = BUCKET + (long) BUCKETS * Integer.BYTES;

    private final long multiplier;
    private final int slots;
    private final int[] buckets;

    private PerfectHash(long multiplier, int slots, int[] buckets) {
        this.multiplier = multiplier;
        this.slots = slots;
        this.buckets = buckets;
    }

    /** How many slots so many keys need. */
    static int slots(int keys) {
        return keys + keys / SPARE + 1;
    }

    /**
     * @param keys all different
     * @throws IllegalStateException if there is none, which takes keys made for it
     */
    static PerfectHash of(long[] keys) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < TRIES; i++) {
            Optional<PerfectHash> hash = tried(keys, random);
            if (hash.isPresent()) {
                return hash.get();
            }
        }
        throw new IllegalStateException("no perfect hash of " + keys.length + " binds");
    }

    private static Optional<PerfectHash> tried(long[] keys, SplittableRandom random) {
        PerfectHash hash =
                new PerfectHash(
                        random.nextLong() | 1,
                        slots(keys.length),
                        new int[keys.length / KEYS_PER_BUCKET + 1]);
        BitSet taken = new BitSet();
        boolean placed =
                hash.bucketsOf(keys).stream()
                        .filter(bucket -> !bucket.isEmpty())
                        .sorted(Comparator.comparingInt(List<Long>::size).reversed())
                        .allMatch(bucket -> hash.place(bucket, taken, random));
        return placed ? Optional.of(hash) : Optional.empty();
    }

    private List<List<Long>> bucketsOf(long[] keys) {
        List<List<Long>> byBucket = new ArrayList<>();
        IntStream.range(0, buckets.length).forEach(i -> byBucket.add(new ArrayList<>()));
        Arrays.stream(keys).forEach(key -> byBucket.get(bucket(key)).add(key));
        return byBucket;
    }

    private boolean place(List<Long> keys, BitSet taken, SplittableRandom random) {
        int bucket = bucket(keys.getFirst());
        for (int i = 0; i < TRIES_OF_A_BUCKET; i++) {
            buckets[bucket] = random.nextInt() | 1;
            int[] places = keys.stream().mapToInt(this::slot).distinct().toArray();
            if (places.length == keys.size() && Arrays.stream(places).noneMatch(taken::get)) {
                Arrays.stream(places).forEach(taken::set);
                return true;
            }
        }
        return false;
    }

    private int bucket(long key) {
        return spread(key * multiplier, buckets.length);
    }

    /** As {@code slot_number} of classify.h. */
    int slot(long key) {
        long hashed = key * multiplier;
        return spread(hashed * Integer.toUnsignedLong(buckets[bucket(key)]), slots);
    }

    private static int spread(long hashed, int bound) {
        return (int) (((hashed >>> 32) * bound) >>> 32);
    }

    void write(MemorySegment header) {
        header.set(JAVA_LONG, MULTIPLIER, multiplier);
        header.set(JAVA_INT, BUCKETS_USED, buckets.length);
        header.set(JAVA_INT, SLOTS_USED, slots);
        MemorySegment.copy(buckets, 0, header, JAVA_INT, BUCKET, buckets.length);
    }
}
