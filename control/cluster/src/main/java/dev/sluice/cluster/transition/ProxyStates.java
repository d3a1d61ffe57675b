package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;

import java.util.List;
import java.util.Optional;

/**
 * The proxies' states: they follow from the epochs that a proxy is in.
 *
 * <p>A function of the epochs, not a second truth beside them: whoever changes epochs goes through
 * {@link #next}.
 */
final class ProxyStates {
    private ProxyStates() {}

    /** The successor of a state: one generation on, with other epochs. */
    static PoolState next(
            PoolState state, List<Epoch> live, Optional<Epoch> pending, long nextEpochId) {
        return new PoolState(
                state.name(),
                state.generation() + 1,
                state.spec(),
                state.proxies().stream().map(p -> p.withState(of(p, live, pending))).toList(),
                live,
                pending,
                nextEpochId);
    }

    private static State of(Proxy proxy, List<Epoch> live, Optional<Epoch> pending) {
        boolean inNewest = live.getFirst().has(proxy.id());
        boolean inNextView = pending.map(e -> e.has(proxy.id())).orElse(inNewest);
        long older = live.stream().skip(1).filter(e -> e.has(proxy.id())).count();
        if (inNextView) {
            return inNewest && older == live.size() - 1 ? State.ACTIVE : State.FILLING;
        }
        if (inNewest || older > 0) {
            return State.DRAINING;
        }
        return proxy.state() == State.JOINING ? State.JOINING : State.DRAINED;
    }
}
