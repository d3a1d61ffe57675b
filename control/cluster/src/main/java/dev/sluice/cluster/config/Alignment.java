package dev.sluice.cluster.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which elements of two lists stay where they are among their like: of those that are once in each,
 * the most that are in the same order (patience diff, n log n).
 */
final class Alignment {
    /** Of an element that is more than once. */
    private static final int REPEATED = -1;

    private Alignment() {}

    /** An element's index in each of the lists. */
    record Pair(int before, int after) {}

    /** In order. */
    static <T> List<Pair> of(List<T> before, List<T> after) {
        return longestRising(common(before, after));
    }

    /** Elements that are once in each list, in the order of the first. */
    static <T> List<Pair> common(List<T> before, List<T> after) {
        Map<T, Integer> places = places(after);
        List<Pair> pairs = new ArrayList<>();
        places(before)
                .forEach((element, i) -> {
                    int j = places.getOrDefault(element, REPEATED);
                    if (i != REPEATED && j != REPEATED) {
                        pairs.add(new Pair(i, j));
                    }
                });
        pairs.sort((a, b) -> Integer.compare(a.before, b.before));
        return pairs;
    }

    private static <T> Map<T, Integer> places(List<T> all) {
        Map<T, Integer> places = HashMap.newHashMap(all.size());
        for (int i = 0; i < all.size(); i++) {
            places.merge(all.get(i), i, (_, _) -> REPEATED);
        }
        return places;
    }

    /** Piles as in patience: the top of each ends the best row of that length. */
    private static List<Pair> longestRising(List<Pair> pairs) {
        int[] tops = new int[pairs.size()];
        int[] previous = new int[pairs.size()];
        int piles = 0;
        for (int i = 0; i < pairs.size(); i++) {
            int pile = pile(pairs, tops, piles, pairs.get(i).after);
            previous[i] = pile == 0 ? -1 : tops[pile - 1];
            tops[pile] = i;
            piles = Math.max(piles, pile + 1);
        }
        Pair[] row = new Pair[piles];
        for (int i = piles == 0 ? -1 : tops[piles - 1], at = piles; i >= 0; i = previous[i]) {
            row[--at] = pairs.get(i);
        }
        return Arrays.asList(row);
    }

    /** The first one whose top is not before it. */
    private static int pile(List<Pair> pairs, int[] tops, int piles, int after) {
        int low = 0;
        int high = piles;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pairs.get(tops[middle]).after < after) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
