package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

class PerfectHashTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 100, 4096, ClassifierImage.MAX_BINDS})
    void everyKeyHasASlotOfItsOwn(int count) {
        requireApart(new SplittableRandom(7).longs(count).distinct().toArray());
        requireApart(LongStream.range(0, count).toArray());
        requireApart(LongStream.range(0, count).map(i -> i << 48).limit(60_000).toArray());
    }

    private static void requireApart(long[] keys) {
        PerfectHash hash = PerfectHash.of(keys);
        int[] slots = Arrays.stream(keys).mapToInt(hash::slot).distinct().toArray();
        assertThat(slots).hasSize(keys.length);
        int bound = PerfectHash.slots(keys.length);
        assertThat(Arrays.stream(slots)).allMatch(slot -> slot >= 0 && slot < bound);
    }
}
