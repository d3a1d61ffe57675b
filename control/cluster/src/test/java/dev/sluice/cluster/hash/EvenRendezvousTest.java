package dev.sluice.cluster.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.Rendezvous.Contender;
import dev.sluice.cluster.hash.Rendezvous.FirstTwo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Properties over many views: each is a map from a contender's number to its weight. */
class EvenRendezvousTest {
    private static final SipHash.Key SEED = new SipHash.Key(17, 4);
    private static final long[] ROW_SEEDS = Rendezvous.rowSeeds(SEED);
    private static final Map<Integer, long[]> COLUMNS = new HashMap<>();
    private static final int ONE_PER_CENT = Rendezvous.ROWS / 100;

    /** From one view to the next. */
    record Change(
            String name, SortedMap<Integer, Integer> before, SortedMap<Integer, Integer> after) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (int size : new int[] {2, 3, 5, 16, 40, 100, 256}) {
            SortedMap<Integer, Integer> equal = equal(size);
            changes.add(new Change("one less of " + size, equal, without(equal, size / 2)));
            SortedMap<Integer, Integer> random = random(size, new Random(size));
            changes.add(new Change("one less of weighted " + size, random, without(random, 1)));
            SortedMap<Integer, Integer> heavier = new TreeMap<>(random);
            heavier.merge(0, 2, (weight, factor) -> weight * factor);
            changes.add(new Change("one twice as heavy of " + size, random, heavier));
        }
        SortedMap<Integer, Integer> half = new TreeMap<>(equal(256).headMap(128));
        changes.add(new Change("half of 256", equal(256), half));
        changes.add(new Change("twice 128", half, equal(256)));
        changes.add(new Change("other weights", equal(64), random(64, new Random(1))));
        return changes.stream();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everybodyHasItsShareAndHardlyARowMovesThatNeedNot(Change change) {
        int[] before = firsts(change.before);
        int[] after = firsts(change.after);

        Map<Integer, Integer> had = assertShares(change.before, before);
        Map<Integer, Integer> has = assertShares(change.after, after);
        // Rendezvous itself moves more than it must only if many weights change against each other.
        int inherent =
                movedBeyondNeed(plainFirsts(change.before), plainFirsts(change.after), change);
        assertThat(movedBeyondNeed(before, after, change)).isBetween(0, inherent + ONE_PER_CENT);
        assertThat(had.values().stream().mapToInt(count -> count).sum()).isEqualTo(Rendezvous.ROWS);
        assertThat(has.values().stream().mapToInt(count -> count).sum()).isEqualTo(Rendezvous.ROWS);
    }

    private static int movedBeyondNeed(int[] before, int[] after, Change change) {
        int moved = 0;
        Map<Integer, Integer> gains = new HashMap<>();
        for (int row = 0; row < Rendezvous.ROWS; row++) {
            moved += before[row] == after[row] ? 0 : 1;
            gains.merge(after[row], 1, Integer::sum);
            gains.merge(before[row], -1, Integer::sum);
        }
        int needed =
                change.after.keySet().stream()
                        .mapToInt(contender -> Math.max(0, gains.getOrDefault(contender, 0)))
                        .sum();
        return moved - needed;
    }

    private static Map<Integer, Integer> assertShares(
            SortedMap<Integer, Integer> view, int[] firsts) {
        Map<Integer, Integer> counts = new HashMap<>();
        Arrays.stream(firsts).forEach(contender -> counts.merge(contender, 1, Integer::sum));
        double total = view.values().stream().mapToInt(weight -> weight).sum();
        view.forEach((contender, weight) ->
                assertThat(counts.getOrDefault(contender, 0) - weight / total * Rendezvous.ROWS)
                        .as("rows of %d beyond its share", contender)
                        .isBetween(-1.0, 1.0));
        return counts;
    }

    @Test
    void plainRendezvousIsNotEven() {
        Map<Integer, Integer> counts = new HashMap<>();
        FirstTwo plain = Rendezvous.firstTwo(SEED, ROW_SEEDS, contenders(equal(256)));
        Arrays.stream(plain.first()).forEach(i -> counts.merge(i, 1, Integer::sum));

        assertThat(Collections.max(counts.values())).isGreaterThan(256 * 11 / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 256})
    void theSecondIsAnotherOneAndNearlyEvenToo(int size) {
        SortedMap<Integer, Integer> view = equal(size);
        FirstTwo two =
                EvenRendezvous.firstTwo(contenders(view), Rendezvous.ROWS, columns(view)::get);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int row = 0; row < Rendezvous.ROWS; row++) {
            if (size == 1) {
                assertThat(two.second()[row]).isEqualTo(Rendezvous.NONE);
            } else {
                assertThat(two.second()[row]).isNotEqualTo(two.first()[row]).isNotNegative();
                counts.merge(two.second()[row], 1, Integer::sum);
            }
        }
        counts.values()
                .forEach(count ->
                        assertThat(count * size / (double) Rendezvous.ROWS).isBetween(0.7, 1.3));
    }

    @Test
    void weightsFarApartStillGetTheirShares() {
        SortedMap<Integer, Integer> view = equal(40);
        view.replaceAll((contender, weight) -> contender < 3 ? 65_535 : weight);

        assertShares(view, firsts(view));
    }

    @Test
    void fewerRowsAreSharedOutLikewise() {
        SortedMap<Integer, Integer> view = equal(3);
        long[] seeds = Rendezvous.rowSeeds(SEED, 64);
        FirstTwo two =
                EvenRendezvous.firstTwo(
                        contenders(view), 64, i -> Rendezvous.column(SEED, seeds, address(i)));
        int[] counts = new int[3];
        Arrays.stream(two.first()).forEach(i -> counts[i]++);

        assertThat(counts).containsExactly(22, 21, 21);
    }

    @Test
    void theOrderOfTheViewDoesNotMatter() {
        SortedMap<Integer, Integer> view = random(16, new Random(3));
        List<Contender> contenders = new ArrayList<>(contenders(view));
        List<long[]> columns = new ArrayList<>(columns(view));
        FirstTwo forward = EvenRendezvous.firstTwo(contenders, Rendezvous.ROWS, columns::get);
        Collections.reverse(contenders);
        Collections.reverse(columns);
        FirstTwo backward = EvenRendezvous.firstTwo(contenders, Rendezvous.ROWS, columns::get);

        int different = 0;
        for (int row = 0; row < Rendezvous.ROWS; row++) {
            different += forward.first()[row] == 15 - backward.first()[row] ? 0 : 1;
        }
        // Shares that are no whole numbers are rounded up for others.
        assertThat(different).isLessThan(64);
    }

    private static SortedMap<Integer, Integer> equal(int size) {
        SortedMap<Integer, Integer> view = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            view.put(i, 1);
        }
        return view;
    }

    private static SortedMap<Integer, Integer> random(int size, Random random) {
        SortedMap<Integer, Integer> view = equal(size);
        view.replaceAll((contender, weight) -> 1 + random.nextInt(10));
        return view;
    }

    private static SortedMap<Integer, Integer> without(SortedMap<Integer, Integer> view, int gone) {
        SortedMap<Integer, Integer> rest = new TreeMap<>(view);
        rest.remove(gone);
        return rest;
    }

    /** The first contender of every row, by its number. */
    private static int[] firsts(SortedMap<Integer, Integer> view) {
        List<Integer> numbers = List.copyOf(view.keySet());
        FirstTwo two =
                EvenRendezvous.firstTwo(contenders(view), Rendezvous.ROWS, columns(view)::get);
        return Arrays.stream(two.first()).map(numbers::get).toArray();
    }

    private static int[] plainFirsts(SortedMap<Integer, Integer> view) {
        List<Integer> numbers = List.copyOf(view.keySet());
        FirstTwo two = Rendezvous.firstTwo(SEED, ROW_SEEDS, contenders(view));
        return Arrays.stream(two.first()).map(numbers::get).toArray();
    }

    private static List<Contender> contenders(SortedMap<Integer, Integer> view) {
        return view.entrySet().stream()
                .map(e -> new Contender(address(e.getKey()), e.getValue()))
                .toList();
    }

    private static List<long[]> columns(SortedMap<Integer, Integer> view) {
        return view.keySet().stream()
                .map(i ->
                        COLUMNS.computeIfAbsent(
                                i, n -> Rendezvous.column(SEED, ROW_SEEDS, address(n))))
                .toList();
    }

    private static byte[] address(int number) {
        return new byte[] {(byte) 198, 18, (byte) (number >> 8), (byte) number};
    }
}
