package dev.sluice.engine.balance;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The endpoints in use at a moment, and what share of the requests each is due. Immutable.
 *
 * <p>Shares are laid end to end: a position below {@link #total} belongs to one endpoint.
 */
final class Roster {
    private static final double GOLDEN = 0.618033988749895;
    static final Roster EMPTY = new Roster(List.of());

    /** An endpoint and its share, above 0. */
    record Entry(Endpoint endpoint, int share) {}

    private final Endpoint[] endpoints;
    private final int[] shares;

    /** Where each share ends. */
    private final int[] ends;

    private final double[] parts;
    private final int step;

    Roster(List<Entry> entries) {
        int size = entries.size();
        endpoints = new Endpoint[size];
        shares = new int[size];
        ends = new int[size];
        boolean even = true;
        int sum = 0;
        for (int i = 0; i < size; i++) {
            Entry entry = entries.get(i);
            endpoints[i] = entry.endpoint;
            shares[i] = entry.share;
            even &= entry.share == entries.getFirst().share;
            sum = Math.addExact(sum, entry.share);
            ends[i] = sum;
        }
        parts = parts(entries);
        step = size == 0 ? 1 : even ? shares[0] : step(sum);
    }

    private static double[] parts(List<Entry> entries) {
        double[] parts = new double[entries.size()];
        double most = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = (double) entries.get(i).share / entries.get(i).endpoint.standing.weight;
            most = Math.max(most, parts[i]);
        }
        for (int i = 0; i < parts.length; i++) {
            parts[i] /= most;
        }
        return parts;
    }

    int size() {
        return endpoints.length;
    }

    Endpoint endpoint(int index) {
        return endpoints[index];
    }

    /** -1 if it is not in use. */
    int indexOf(Endpoint endpoint) {
        for (int i = 0; i < endpoints.length; i++) {
            if (endpoints[i] == endpoint) {
                return i;
            }
        }
        return -1;
    }

    int share(int index) {
        return shares[index];
    }

    /**
     * What one gets for its weight, beside the one that gets the most: above 0, and 1 for all alike
     * unless somebody starts slowly, or zones share.
     */
    double part(int index) {
        return parts[index];
    }

    int total() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /**
     * From position to position, such that a round of {@link #total} steps meets every endpoint by
     * its share, and those of an endpoint are spread over the round: even ones one after the other,
     * uneven ones by the golden section.
     */
    int step() {
        return step;
    }

    /** Without a common divisor, or some positions would have no turn. */
    private static int step(int total) {
        int step = Math.max(1, (int) Math.round(total * GOLDEN));
        while (divisor(step, total) != 1) {
            step++;
        }
        return step;
    }

    private static int divisor(int a, int b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** The index of the endpoint whose share a position lies in. */
    int at(int position) {
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (position < ends[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The next index, all around. */
    int after(int index) {
        return index + 1 == endpoints.length ? 0 : index + 1;
    }

    /** An index at random, by share. */
    int draw(RandomGenerator random) {
        return at(random.nextInt(total()));
    }

    /**
     * The first index from one on, all around, that a request may go to.
     *
     * @param but an index that will not do, or -1
     * @return -1 if there is none
     */
    int free(int from, int but, Picking picking) {
        for (int i = 0, index = from; i < endpoints.length; i++) {
            if (index != but && !picking.isOut(endpoints[index])) {
                return index;
            }
            index = after(index);
        }
        return -1;
    }
}
