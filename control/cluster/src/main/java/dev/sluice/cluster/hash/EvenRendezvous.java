package dev.sluice.cluster.hash;

import dev.sluice.cluster.hash.Rendezvous.Contender;
import dev.sluice.cluster.hash.Rendezvous.FirstTwo;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Rendezvous hashing in which every contender is first on exactly its share of the rows.
 *
 * <p>Plain rendezvous leaves each contender's number of rows to chance: of 256, the busiest has a
 * fifth too many. Here every contender has a <em>price</em> that is added to its scores, and the
 * prices are those with which the lowest sums give everybody its share : the cheapest way of all to
 * hand out the rows (a transportation problem), and therefore one that depends on the contenders
 * alone, not on the way there or on what was before. Adding or removing one changes the others'
 * prices a little, so hardly any row moves that need not.
 *
 * <p>The second of a row is the one with the next lowest sum, and so is about evenly spread too.
 * Only the best few of a row by score are considered. Where that leaves no way to give a contender
 * its share, which takes shares of a few rows, it gets nearly that.
 */
public final class EvenRendezvous {
    private final Nearest nearest;
    private final int[] shares;
    private final double[] prices;
    private final Owners owners;

    private EvenRendezvous(Nearest nearest, int[] shares, double[] prices) {
        this.nearest = nearest;
        this.shares = shares;
        this.prices = prices;
        this.owners = new Owners(nearest, prices);
    }

    /**
     * Ranks the contenders of every row.
     *
     * @param columns one per contender, from {@link Rendezvous#column}; each is asked for once
     */
    public static FirstTwo firstTwo(
            List<Contender> contenders, int rows, IntFunction<long[]> columns) {
        if (contenders.isEmpty()) {
            return new FirstTwo(new int[0], new int[0]);
        }
        int[] weights = contenders.stream().mapToInt(Contender::weight).toArray();
        Nearest nearest = new Nearest(weights, rows);
        for (int contender = 0; contender < weights.length; contender++) {
            nearest.enter(contender, columns.apply(contender));
        }
        nearest.finish();
        int[] shares = Shares.of(weights, rows);
        double[] prices = new Prices(nearest, weights, shares).settle();
        EvenRendezvous even = new EvenRendezvous(nearest, shares, prices);
        even.repair();
        return even.result();
    }

    /** Moves single rows, along the cheapest way each time, until everybody has its share. */
    private void repair() {
        CheapestWay way = new CheapestWay(owners, prices);
        while (way.find(shares)) {
            way.take();
        }
    }

    private FirstTwo result() {
        int[] first = new int[nearest.rows()];
        int[] second = new int[nearest.rows()];
        for (int row = 0; row < first.length; row++) {
            first[row] = owners.of(row);
            second[row] = nearest.best(row, prices, first[row]);
        }
        return new FirstTwo(first, second);
    }
}
