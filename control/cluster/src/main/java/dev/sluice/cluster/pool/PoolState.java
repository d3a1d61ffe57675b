package dev.sluice.cluster.pool;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One pool at one generation: the value that directors, proxies and controllers agree on.
 *
 * @param generation grows by one with every write, from 1
 * @param proxies every registered proxy, also those in no view
 * @param live newest epoch first, never empty; all but the first are settling
 * @param pending the epoch being prepared
 * @param nextEpochId ids are never used twice
 */
public record PoolState(
        String name,
        long generation,
        PoolSpec spec,
        List<Proxy> proxies,
        List<Epoch> live,
        Optional<Epoch> pending,
        long nextEpochId) {

    /** A chain has at most this many hops; a change that would need more is refused or queued. */
    public static final int MAX_HOPS = 4;

    public PoolState {
        proxies = List.copyOf(proxies);
        live = List.copyOf(live);
        if (live.isEmpty()) {
            throw new IllegalArgumentException("pool " + name + " has no live epoch");
        }
    }

    public Epoch newest() {
        return live.getFirst();
    }

    /** Older live epochs, newest first. */
    public List<Epoch> settling() {
        return live.subList(1, live.size());
    }

    /** Live epochs, newest first, then the pending one. */
    public Stream<Epoch> epochs() {
        return Stream.concat(live.stream(), pending.stream());
    }

    public Optional<Proxy> proxy(String id) {
        return proxies.stream().filter(p -> p.id().equals(id)).findFirst();
    }

    /** The same generation with other epochs: for asking what would be. */
    public PoolState withEpochs(List<Epoch> otherLive, Optional<Epoch> otherPending) {
        return new PoolState(name, generation, spec, proxies, otherLive, otherPending, nextEpochId);
    }
}
