package dev.sluice.simulation;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Safety;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * GLB as it is operated, beside which Sluice is measured: a command is the next table at once,
 * whoever lags and whatever flows there are. A row has two hops, the view's and that of the view
 * before; what was before that is forgotten.
 */
final class Unchecked {
    private Unchecked() {}

    /** The state after a command; empty if it makes no sense. */
    static Optional<PoolState> after(World world, PoolState state, Change change, long nowUnixMs) {
        PoolState alone = state.withEpochs(List.of(state.newest()), Optional.empty());
        Decision decision =
                Safety.check(world.tables(), alone, allIsWell(alone), change, nowUnixMs);
        if (!(decision instanceof Decision.Accepted accepted)) {
            return Optional.empty();
        }
        if (change instanceof Change.Remove(String proxy)) {
            return Optional.of(Takebacks.without(state, proxy));
        }
        PoolState next = accepted.next();
        List<Epoch> live =
                next.pending()
                        .map(view ->
                                List.of(
                                        view.committed(next.generation(), nowUnixMs),
                                        state.newest()))
                        .orElse(state.live());
        return Optional.of(next.withEpochs(live, Optional.empty()));
    }

    /** Nobody lags, and nobody holds a flow. */
    private static Facts allIsWell(PoolState state) {
        Map<String, OwnedReport> reports = new TreeMap<>();
        Map<String, Facts.ProxyFacts> proxies = new TreeMap<>();
        state.proxies()
                .forEach(p -> {
                    proxies.put(p.id(), new Facts.ProxyFacts("any", state.generation(), 0));
                    reports.put(
                            p.id(),
                            new OwnedReport("any", state.generation(), true, RowSet.NONE, 0));
                });
        return new Facts(Map.of(), proxies, reports);
    }
}
