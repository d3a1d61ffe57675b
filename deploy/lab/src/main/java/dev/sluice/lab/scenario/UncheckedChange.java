package dev.sluice.lab.scenario;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts a view live at once, past the control plane and its safety check: what somebody does who
 * edits a forwarding table by hand. In a lab only, to show what the check is for. The older views
 * become one of everybody in any of them, so that a pair in GLB's format is of all who may own a
 * flow, as GLB's are. Of two hosts that drain it keeps the owner, which GLB's own pair may not.
 */
public final class UncheckedChange {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 20;

    private UncheckedChange() {}

    /**
     * Blocks. Run it where ZooKeeper can be reached: on a host of the lab.
     *
     * @param pool its name
     * @param view the proxies that take new flows from now on
     */
    public static void write(ClusterStore.Target target, String pool, Set<String> view)
            throws IOException {
        requireLab(target);
        try (ClusterStore store = ClusterStore.of(target).start()) {
            if (!store.awaitConnected(PATIENCE)) {
                throw new IOException("no ZooKeeper on " + target.zookeeper());
            }
            for (int i = 0; i < ATTEMPTS; i++) {
                if (attempt(store.pools(), pool, view)) {
                    return;
                }
            }
            throw new IOException("pool " + pool + " was written by others all the time");
        } catch (StoreException e) {
            throw new IOException("pool " + pool + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The addresses of a lab's hosts are nobody else's. */
    private static void requireLab(ClusterStore.Target target) throws IOException {
        boolean lab =
                Stream.of(target.zookeeper().split(",")).allMatch(s -> s.startsWith("198.18."));
        if (!lab) {
            throw new IOException(target.zookeeper() + " is no lab: nothing was written");
        }
    }

    private static boolean attempt(PoolStore pools, String pool, Set<String> view)
            throws IOException, StoreException {
        if (pools.read(pool)
                instanceof Seen.Value<PoolState>(String _, PoolState state, int version)) {
            return pools.compareAndSet(next(state, view, System.currentTimeMillis()), version);
        }
        throw new IOException("there is no readable pool " + pool);
    }

    static PoolState next(PoolState state, Set<String> view, long nowUnixMs) {
        List<Member> members =
                state.proxies().stream()
                        .filter(proxy -> view.contains(proxy.id()))
                        .map(proxy -> new Member(proxy.id(), proxy.weight()))
                        .toList();
        long generation = state.generation() + 1;
        Epoch newest = new Epoch(state.nextEpochId(), members, generation, 0, nowUnixMs, 0, false);
        return new PoolState(
                state.name(),
                generation,
                state.spec(),
                state.proxies().stream().map(proxy -> within(proxy, view)).toList(),
                List.of(newest, everybody(state, view)),
                state.pending(),
                state.nextEpochId() + 1);
    }

    /** In place of the oldest view: the members of all views, the new one too. */
    private static Epoch everybody(PoolState state, Set<String> view) {
        Epoch oldest = state.live().getLast();
        List<Member> members =
                state.proxies().stream()
                        .filter(proxy -> view.contains(proxy.id()) || isInAView(state, proxy.id()))
                        .map(proxy -> new Member(proxy.id(), proxy.weight()))
                        .toList();
        return new Epoch(
                oldest.id(),
                members,
                oldest.commitGeneration(),
                oldest.prepareGeneration(),
                oldest.phaseStartUnixMs(),
                0,
                false);
    }

    private static boolean isInAView(PoolState state, String proxy) {
        return state.live().stream().anyMatch(epoch -> epoch.has(proxy));
    }

    private static Proxy within(Proxy proxy, Set<String> view) {
        if (view.contains(proxy.id())) {
            return proxy.withState(State.ACTIVE);
        }
        return proxy.state() == State.ACTIVE ? proxy.withState(State.DRAINING) : proxy;
    }
}
