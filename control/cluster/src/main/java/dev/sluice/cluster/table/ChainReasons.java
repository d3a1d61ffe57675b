package dev.sluice.cluster.table;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why the hops of a row are in its chain (PROTOCOL rules 2 to 4), in words for operators. */
public final class ChainReasons {
    private ChainReasons() {}

    /**
     * One hop.
     *
     * @param open whether it may take new flows
     */
    public record Reason(Proxy proxy, boolean open, String why) {}

    /** Of the chain as every director computes it, before any local demotion. */
    public static List<Reason> of(PoolState state, int row) {
        ForwardingTable table = ChainTable.of(state);
        List<Proxy> hops = table.hopsOf(row);
        List<Reason> reasons = new ArrayList<>();
        for (int at = 0; at < hops.size(); at++) {
            boolean open = at < table.openCount(row);
            String why =
                    state.spec().wire() == Wire.GLB
                            ? glb(state, hops.get(at))
                            : epochs(state, row, hops.get(at));
            reasons.add(new Reason(hops.get(at), open, why));
        }
        return reasons;
    }

    private static String glb(PoolState state, Proxy hop) {
        return state.newest().has(hop.id()) ? "takes new flows" : "keeps the flows that it has";
    }

    private static String epochs(PoolState state, int row, Proxy hop) {
        List<String> places = new ArrayList<>();
        state.epochs()
                .forEach(epoch -> {
                    int place = alone(state, epoch).hopsOf(row).indexOf(hop);
                    if (place >= 0) {
                        places.add(
                                (place == 0 ? "first" : "second")
                                        + " of epoch "
                                        + epoch.id()
                                        + role(state, epoch));
                    }
                });
        return String.join("; ", places);
    }

    private static String role(PoolState state, Epoch epoch) {
        if (state.pending().filter(epoch::equals).isPresent()) {
            return ", which is prepared";
        }
        return epoch.equals(state.newest()) ? "" : ", which settles";
    }

    private static ForwardingTable alone(PoolState state, Epoch epoch) {
        return ChainTable.of(
                new PoolState(
                        state.name(),
                        state.generation(),
                        state.spec(),
                        state.proxies(),
                        List.of(epoch),
                        Optional.empty(),
                        state.nextEpochId()));
    }
}
