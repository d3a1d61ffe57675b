package dev.sluice.director;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainReasons;
import dev.sluice.cluster.table.ChainReasons.Reason;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowChain;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.datapath.CapturedPacket;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where a flow goes, and why: what the program did, and what the model makes of the same state.
 *
 * @param program what the program did with the flow's first packet
 * @param hops as the program sends them, with the reason for each one's place
 * @param disagreements between program and model, for people; empty: there are none
 */
record Trace(Program program, List<Reason> hops, List<String> disagreements) {
    private static final Comparator<Bind> MOST_SPECIFIC =
            Comparator.<Bind>comparingInt(bind -> -bind.prefixBits())
                    .thenComparingInt(bind -> bind.lastPort() - bind.firstPort());

    Trace {
        hops = List.copyOf(hops);
        disagreements = List.copyOf(disagreements);
    }

    /**
     * A decision of the program.
     *
     * @param pool empty: of none
     * @param generation of the table; 0: none was asked
     * @param hash 0 unless it got so far
     * @param chain empty unless it was forwarded
     */
    record Program(
            DirectorCounter verdict,
            Optional<String> pool,
            Optional<Bind> bind,
            long generation,
            long hash,
            List<Address> chain) {

        static Program of(CapturedPacket packet) {
            return new Program(
                    packet.verdict(),
                    packet.pool(),
                    packet.bind(),
                    packet.generation(),
                    packet.hash(),
                    packet.chain());
        }

        int row() {
            return (int) hash & 0xffff;
        }

        boolean forwards() {
            return verdict == DirectorCounter.FORWARDED;
        }
    }

    boolean agrees() {
        return disagreements.isEmpty();
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
     * @param pools states of the generations that are installed
     */
    static Trace of(List<PoolState> pools, FlowKey flow, Program program) {
        Optional<PoolState> pool = pool(pools, flow);
        List<String> disagreements = new ArrayList<>();
        compare(disagreements, "pool", program.pool(), pool.map(PoolState::name));
        compare(disagreements, "bind", program.bind(), pool.flatMap(p -> bind(p, flow)));
        if (pool.isEmpty() || !program.forwards()) {
            return new Trace(program, List.of(), disagreements);
        }
        PoolState state = pool.get();
        compare(disagreements, "generation", program.generation(), state.generation());
        compare(
                disagreements,
                "hash",
                Long.toHexString(program.hash()),
                Long.toHexString(RowHash.hash(state.spec(), flow)));
        return new Trace(program, hops(disagreements, state, flow, program), disagreements);
    }

    private static void compare(
            List<String> disagreements, String what, Object program, Object model) {
        if (!program.equals(model)) {
            disagreements.add(
                    what + ": the program has " + name(program) + ", the model " + name(model));
        }
    }

    private static Object name(Object value) {
        return value instanceof Optional<?> maybe
                ? maybe.isPresent() ? maybe.get() : "none"
                : value;
    }

    private static List<Reason> hops(
            List<String> disagreements, PoolState pool, FlowKey flow, Program program) {
        List<Reason> reasons = reasons(pool, flow, program);
        Optional<Integer> demoted = demotion(pool, flow, reasons, program.chain());
        if (demoted.isEmpty()) {
            disagreements.add(
                    "chain: the program sends to "
                            + program.chain()
                            + ", the model to "
                            + addresses(FlowChain.of(ChainTable.of(pool), flow)));
        }
        return inOrder(reasons, program.chain(), demoted.orElse(0));
    }

    /** Of the flow's row and, while hash fields are changed, of that by the other ones. */
    private static List<Reason> reasons(PoolState pool, FlowKey flow, Program program) {
        List<Reason> reasons = new ArrayList<>(ChainReasons.of(pool, program.row()));
        PoolSpec spec = pool.spec();
        if (spec.isMigrating()) {
            PoolSpec byOthers = spec.migratingTo(spec.otherHashFields()).migrated();
            int other = RowHash.row(byOthers, flow);
            ChainReasons.of(pool, other).stream()
                    .filter(reason -> !proxies(reasons).contains(reason.proxy()))
                    .map(reason ->
                            new Reason(
                                    reason.proxy(),
                                    false,
                                    "row " + other + " by the other hash fields: " + reason.why()))
                    .forEach(reasons::add);
        }
        return reasons;
    }

    private static List<Proxy> proxies(List<Reason> reasons) {
        return reasons.stream().map(Reason::proxy).toList();
    }

    private static List<Address> addresses(FlowChain chain) {
        return chain.hops().stream().map(Proxy::address).toList();
    }

    /** Which hops have to be out of reach for the chain that was sent, as bits; the fewest. */
    private static Optional<Integer> demotion(
            PoolState pool, FlowKey flow, List<Reason> reasons, List<Address> sent) {
        ForwardingTable table = ChainTable.of(pool);
        return IntStream.range(0, 1 << reasons.size())
                .boxed()
                .sorted(Comparator.comparingInt(Integer::bitCount))
                .filter(lost ->
                        sent.equals(
                                addresses(
                                        FlowChain.of(
                                                LocalDemotion.apply(
                                                        table,
                                                        i ->
                                                                !isLost(
                                                                        reasons,
                                                                        lost,
                                                                        table.proxies().get(i))),
                                                flow))))
                .findFirst();
    }

    private static boolean isLost(List<Reason> reasons, int lost, Proxy proxy) {
        return IntStream.range(0, reasons.size())
                .anyMatch(i -> ((lost >> i) & 1) == 1 && reasons.get(i).proxy().equals(proxy));
    }

    private static List<Reason> inOrder(List<Reason> reasons, List<Address> sent, int demoted) {
        List<Reason> ordered = new ArrayList<>();
        for (Address address : sent) {
            IntStream.range(0, reasons.size())
                    .filter(i -> reasons.get(i).proxy().address().equals(address))
                    .findFirst()
                    .ifPresent(i ->
                            ordered.add(
                                    ((demoted >> i) & 1) == 0
                                            ? reasons.get(i)
                                            : demoted(reasons.get(i))));
        }
        return ordered;
    }

    private static Reason demoted(Reason reason) {
        return new Reason(
                reason.proxy(), false, reason.why() + "; demoted: out of this one's reach");
    }
}
