package dev.sluice.cluster.hash;

import java.util.Arrays;

/**
 * Who is first on which row, and what the cheapest move of one row from one contender to another
 * costs. That a row is with the lowest sum of score and price is where it starts, and what {@link
 * CheapestWay} keeps true.
 */
final class Owners {
    private static final int UNKNOWN = -2;

    private final Nearest nearest;
    private final int size;
    private final int[] owner;
    private final int[] count;

    /** Rows by owner, linked: the first of each owner, then from row to row. */
    private final int[] firstRow;

    private final int[] next;
    private final int[] previous;

    /** Of the cheapest row to move, by owner and new owner; without prices. */
    private final double[] cost;

    private final int[] cheapest;

    Owners(Nearest nearest, double[] prices) {
        this.nearest = nearest;
        this.size = nearest.size();
        this.owner = new int[nearest.rows()];
        this.count = new int[size];
        this.firstRow = new int[size];
        this.next = new int[nearest.rows()];
        this.previous = new int[nearest.rows()];
        this.cost = new double[size * size];
        this.cheapest = new int[size * size];
        Arrays.fill(firstRow, Rendezvous.NONE);
        for (int row = 0; row < owner.length; row++) {
            give(row, nearest.best(row, prices, Rendezvous.NONE));
        }
        for (int contender = 0; contender < size; contender++) {
            forget(contender);
        }
    }

    int size() {
        return size;
    }

    int of(int row) {
        return owner[row];
    }

    int count(int contender) {
        return count[contender];
    }

    /** What the cheapest row costs more with {@code to} than with {@code from}, without prices. */
    double cost(int from, int to) {
        if (cheapest[from * size] == UNKNOWN) {
            compare(from);
        }
        return cost[from * size + to];
    }

    /** Moves that row. */
    void move(int from, int to) {
        int row = cheapest[from * size + to];
        take(row);
        give(row, to);
        forget(from);
        forget(to);
    }

    private void forget(int contender) {
        cheapest[contender * size] = UNKNOWN;
    }

    private void compare(int from) {
        int base = from * size;
        Arrays.fill(cheapest, base, base + size, Rendezvous.NONE);
        Arrays.fill(cost, base, base + size, Double.POSITIVE_INFINITY);
        for (int row = firstRow[from]; row != Rendezvous.NONE; row = next[row]) {
            double own = ownScore(row, from);
            for (int at = 0; at < nearest.kept(); at++) {
                int to = nearest.contender(row, at);
                double more = nearest.score(row, at) - own;
                if (to != from && isCheaper(more, row, base + to)) {
                    cost[base + to] = more;
                    cheapest[base + to] = row;
                }
            }
        }
    }

    /** Rows are listed in an order that depends on the way here, so ties must not. */
    private boolean isCheaper(double more, int row, int edge) {
        return more < cost[edge] || (more == cost[edge] && row < cheapest[edge]);
    }

    private double ownScore(int row, int from) {
        for (int at = 0; at < nearest.kept(); at++) {
            if (nearest.contender(row, at) == from) {
                return nearest.score(row, at);
            }
        }
        throw new IllegalStateException("row " + row + " is with one that is not near");
    }

    private void give(int row, int to) {
        int head = firstRow[to];
        owner[row] = to;
        previous[row] = Rendezvous.NONE;
        next[row] = head;
        if (head != Rendezvous.NONE) {
            previous[head] = row;
        }
        firstRow[to] = row;
        count[to]++;
    }

    private void take(int row) {
        int from = owner[row];
        if (previous[row] == Rendezvous.NONE) {
            firstRow[from] = next[row];
        } else {
            next[previous[row]] = next[row];
        }
        if (next[row] != Rendezvous.NONE) {
            previous[next[row]] = previous[row];
        }
        count[from]--;
    }
}
