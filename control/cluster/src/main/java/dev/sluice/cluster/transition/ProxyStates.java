package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The proxies' states and weights: they follow from the epochs that a proxy is in.
 *
 * <p>A function of the epochs, not a second truth beside them: whoever writes a state goes through
 * {@link #next}.
 */
final class ProxyStates {
    private ProxyStates() {}

    /** The successor of a state: one generation on, with other epochs. */
    static PoolState next(
            PoolState state, List<Epoch> live, Optional<Epoch> pending, long nextEpochId) {
        return next(state, state.proxies(), live, pending, nextEpochId);
    }

    /** The successor of a state: one generation on, with other proxies and the same epochs. */
    static PoolState next(PoolState state, List<Proxy> proxies) {
        return next(state, proxies, state.live(), state.pending(), state.nextEpochId());
    }

    static PoolState next(
            PoolState state,
            List<Proxy> proxies,
            List<Epoch> live,
            Optional<Epoch> pending,
            long nextEpochId) {
        Map<String, Integer> weights =
                live.getFirst().members().stream()
                        .collect(Collectors.toMap(Member::proxy, Member::weight));
        return new PoolState(
                state.name(),
                state.generation() + 1,
                state.spec(),
                proxies.stream()
                        .map(p -> p.withState(of(p, live, pending)))
                        .map(p -> p.withWeight(weights.getOrDefault(p.id(), p.weight())))
                        .toList(),
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
