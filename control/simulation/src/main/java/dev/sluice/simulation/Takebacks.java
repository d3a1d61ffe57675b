package dev.sluice.simulation;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.util.ArrayList;
import java.util.List;

/** What rules 8 and 11 forbid. */
final class Takebacks {
    private Takebacks() {}

    /** The newest live epoch is gone, as if it had never been committed. */
    static PoolState withoutNewest(PoolState state) {
        return next(state, state.proxies(), state.live().subList(1, state.live().size()));
    }

    /** A proxy is gone, although older epochs name it. */
    static PoolState without(PoolState state, String proxy) {
        List<Proxy> proxies = state.proxies().stream().filter(p -> !p.id().equals(proxy)).toList();
        List<Epoch> live = new ArrayList<>();
        for (Epoch epoch : state.live()) {
            List<Member> members =
                    epoch.members().stream().filter(m -> !m.proxy().equals(proxy)).toList();
            if (!members.isEmpty()) {
                live.add(with(epoch, members));
            }
        }
        return next(state, proxies, live);
    }

    private static Epoch with(Epoch epoch, List<Member> members) {
        return new Epoch(
                epoch.id(),
                members,
                epoch.commitGeneration(),
                epoch.prepareGeneration(),
                epoch.phaseStartUnixMs(),
                epoch.deadlineUnixMs(),
                epoch.expired(),
                epoch.closeGeneration());
    }

    private static PoolState next(PoolState state, List<Proxy> proxies, List<Epoch> live) {
        return new PoolState(
                state.name(),
                state.generation() + 1,
                state.spec(),
                proxies,
                live,
                state.pending(),
                state.nextEpochId());
    }
}
