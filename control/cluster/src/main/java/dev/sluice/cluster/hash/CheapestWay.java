package dev.sluice.cluster.hash;

import java.util.Arrays;

/**
 * The cheapest way to take a row too many from one contender and give a row to one that has too
 * few, over others in between: Dijkstra's over the contenders, with costs that the prices keep at
 * or above zero (successive shortest paths).
 */
final class CheapestWay {
    private final Owners owners;
    private final double[] prices;
    private final double[] distance;
    private final int[] from;
    private final boolean[] done;
    private int target;

    CheapestWay(Owners owners, double[] prices) {
        this.owners = owners;
        this.prices = prices;
        this.distance = new double[prices.length];
        this.from = new int[prices.length];
        this.done = new boolean[prices.length];
    }

    /**
     * @return whether there is one
     */
    boolean find(int[] shares) {
        Arrays.fill(done, false);
        Arrays.fill(from, Rendezvous.NONE);
        for (int i = 0; i < distance.length; i++) {
            distance[i] = owners.count(i) > shares[i] ? 0 : Double.POSITIVE_INFINITY;
        }
        for (int at = closest(); at != Rendezvous.NONE; at = closest()) {
            done[at] = true;
            if (owners.count(at) < shares[at]) {
                target = at;
                return true;
            }
            relax(at);
        }
        return false;
    }

    private int closest() {
        int closest = Rendezvous.NONE;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < distance.length; i++) {
            if (!done[i] && distance[i] < least) {
                least = distance[i];
                closest = i;
            }
        }
        return closest;
    }

    private void relax(int at) {
        for (int to = 0; to < distance.length; to++) {
            if (!done[to]) {
                double more = owners.cost(at, to) + prices[to] - prices[at];
                double way = distance[at] + Math.max(0, more);
                if (way < distance[to]) {
                    distance[to] = way;
                    from[to] = at;
                }
            }
        }
    }

    /** Moves a row over every leg of the way, and adapts the prices. */
    void take() {
        for (int i = 0; i < prices.length; i++) {
            // Nearer ones become dearer, until the way costs nothing.
            prices[i] += Math.max(0, distance[target] - distance[i]);
        }
        int to = target;
        while (from[to] != Rendezvous.NONE) {
            int before = from[to];
            owners.move(before, to);
            to = before;
        }
    }
}
