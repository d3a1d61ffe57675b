package dev.sluice.director;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainReasons;
import dev.sluice.cluster.table.ChainReasons.Reason;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;
import dev.sluice.cluster.table.RowHash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where a flow goes, and why.
 *
 * @param bind that the flow matches
 * @param generation of the pool's state that explains it
 * @param hops as the program sends them, with the reason for each one's place
 * @param agrees whether the program's chain is one that the model makes of the state
 */
record Trace(
        String pool,
        Bind bind,
        long generation,
        long hash,
        int row,
        List<Reason> hops,
        boolean agrees) {
    private static final Comparator<Bind> MOST_SPECIFIC =
            Comparator.<Bind>comparingInt(bind -> -bind.prefixBits())
                    .thenComparingInt(bind -> bind.lastPort() - bind.firstPort());

    Trace {
        hops = List.copyOf(hops);
    }

    /** The pool of a flow, by its most specific bind. */
    static Optional<PoolState> pool(List<PoolState> pools, FlowKey flow) {
        return pools.stream()
                .filter(pool -> bind(pool, flow).isPresent())
                .min(Comparator.comparing(pool -> bind(pool, flow).orElseThrow(), MOST_SPECIFIC));
    }

    private static Optional<Bind> bind(PoolState pool, FlowKey flow) {
        return pool.spec().binds().stream().filter(flow::matches).min(MOST_SPECIFIC);
    }

    /**
     * @param sent the chain that the program sent
     */
    static Trace of(PoolState pool, FlowKey flow, List<Address> sent) {
        int row = RowHash.row(pool.spec(), flow);
        List<Reason> reasons = ChainReasons.of(pool, row);
        Optional<Integer> demoted = demotion(pool, row, reasons, sent);
        return new Trace(
                pool.name(),
                bind(pool, flow).orElseThrow(),
                pool.generation(),
                RowHash.hash(pool.spec(), flow),
                row,
                inOrder(reasons, sent, demoted.orElse(0)),
                demoted.isPresent());
    }

    /** Which hops have to be out of reach for the chain that was sent, as bits; the fewest. */
    private static Optional<Integer> demotion(
            PoolState pool, int row, List<Reason> reasons, List<Address> sent) {
        ForwardingTable table = ChainTable.of(pool);
        return IntStream.range(0, 1 << reasons.size())
                .boxed()
                .sorted(Comparator.comparingInt(Integer::bitCount))
                .filter(lost ->
                        sent.equals(
                                LocalDemotion.apply(
                                                table,
                                                i -> !isLost(reasons, lost, table.proxies().get(i)))
                                        .hopsOf(row)
                                        .stream()
                                        .map(Proxy::address)
                                        .toList()))
                .findFirst();
    }

    private static boolean isLost(List<Reason> reasons, int lost, Proxy proxy) {
        return IntStream.range(0, reasons.size())
                .anyMatch(i -> ((lost >> i) & 1) == 1 && reasons.get(i).proxy().equals(proxy));
    }

    private static List<Reason> inOrder(List<Reason> reasons, List<Address> sent, int demoted) {
        List<Reason> ordered = new ArrayList<>();
        for (Address address : sent) {
            for (int i = 0; i < reasons.size(); i++) {
                Reason reason = reasons.get(i);
                if (reason.proxy().address().equals(address)) {
                    ordered.add(
                            ((demoted >> i) & 1) == 0
                                    ? reason
                                    : new Reason(
                                            reason.proxy(),
                                            false,
                                            reason.why() + "; demoted: out of this one's reach"));
                }
            }
        }
        return ordered;
    }
}
