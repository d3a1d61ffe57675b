package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.hash.Rendezvous.FirstTwo;

/**
 * The first two of every row among the members of one view, as indexes of a pool's proxies; {@link
 * Rendezvous#NONE} where there is none. Immutable.
 */
public final class ViewRows {
    private final int[] proxies;
    private final FirstTwo firstTwo;

    /**
     * @param proxies index of a member to index of a pool's proxies
     */
    ViewRows(int[] proxies, FirstTwo firstTwo) {
        this.proxies = proxies;
        this.firstTwo = firstTwo;
    }

    int[] proxies() {
        return proxies;
    }

    public int first(int row) {
        return proxyOf(firstTwo.first()[row]);
    }

    public int second(int row) {
        return proxyOf(firstTwo.second()[row]);
    }

    private int proxyOf(int contender) {
        return contender == Rendezvous.NONE ? Rendezvous.NONE : proxies[contender];
    }
}
