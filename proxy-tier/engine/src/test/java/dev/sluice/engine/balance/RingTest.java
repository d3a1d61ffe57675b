package dev.sluice.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cluster.l7.Balancing;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Keys and where they go; of 10,000 of them. */
final class RingTest {
    private static final int KEYS = 10_000;

    private record Keyed(long place) implements Picking {
        static Keyed of(int number) {
            return new Keyed(Endpoints.place(("user-" + number).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public boolean isOut(Endpoint endpoint) {
            return false;
        }
    }

    private static Crowd crowd(int... weights) {
        Crowd crowd = new Crowd(Balancing.Method.RING_HASH, 1);
        crowd.adopt(weights);
        return crowd;
    }

    private static int of(Crowd crowd, int key) {
        return Crowd.number(crowd.endpoints.pick(Keyed.of(key), crowd.random, crowd.now));
    }

    private static int[] placed(Crowd crowd) {
        int[] placed = new int[KEYS];
        for (int key = 0; key < KEYS; key++) {
            placed[key] = of(crowd, key);
        }
        return placed;
    }

    private static int[] counts(int[] placed, int of) {
        int[] counts = new int[of];
        for (int number : placed) {
            counts[number]++;
        }
        return counts;
    }

    @Test
    void everyProxyFindsTheSame() {
        assertThat(placed(crowd(1, 1, 1, 1))).containsExactly(placed(crowd(1, 1, 1, 1)));
    }

    /** 256 points each: a standard deviation of about 6 %. */
    @Test
    void keysAreSpreadByWeight() {
        int[] even = counts(placed(crowd(1, 1, 1, 1)), 4);
        for (int count : even) {
            assertThat(count).isCloseTo(KEYS / 4, within(KEYS / 4 / 5));
        }
        int[] uneven = counts(placed(crowd(1, 1, 2)), 3);
        assertThat(uneven[2]).isCloseTo(KEYS / 2, within(KEYS / 10));
    }

    @Test
    void onlyTheKeysOfWhoGoesMoveAndTheyComeBack() {
        Crowd crowd = crowd(1, 1, 1, 1);
        int[] before = placed(crowd);
        crowd.fail(crowd.endpoint(2), 5);
        int[] without = placed(crowd);
        for (int key = 0; key < KEYS; key++) {
            if (before[key] == 2) {
                assertThat(without[key]).isNotEqualTo(2);
            } else {
                assertThat(without[key]).isEqualTo(before[key]);
            }
        }
        crowd.pass(java.time.Duration.ofSeconds(30));
        assertThat(placed(crowd)).containsExactly(before);
        crowd.adopt(5);
        int[] more = placed(crowd);
        for (int key = 0; key < KEYS; key++) {
            assertThat(more[key]).isIn(before[key], 4);
        }
        assertThat(counts(more, 5)[4]).isCloseTo(KEYS / 5, within(KEYS / 5 / 4));
    }

    @Test
    void aKeyThatEverybodyWantsDoesNotBuryItsEndpoint() {
        Crowd crowd = crowd(1, 1, 1, 1);
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Endpoint picked =
                    Objects.requireNonNull(
                            crowd.endpoints.pick(Keyed.of(7), crowd.random, crowd.now));
            picked.begin(crowd.now, Integer.MAX_VALUE);
        }
        crowd.endpoints.status(crowd.now).forEach(one -> open.add(one.inFlight()));
        // A quarter more than the mean, rounded up.
        assertThat(open).allMatch(count -> count <= 126);
        assertThat(open.stream().mapToInt(Integer::intValue).sum()).isEqualTo(400);
    }

    @Test
    void withoutLoadAKeyStays() {
        Crowd crowd = crowd(1, 1, 1);
        int home = of(crowd, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(of(crowd, 1)).isEqualTo(home);
        }
    }
}
