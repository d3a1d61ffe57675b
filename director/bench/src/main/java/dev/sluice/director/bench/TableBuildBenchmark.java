package dev.sluice.director.bench;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * All 65,536 chains of a pool: from nothing, and after one proxy of a pool that is known drained,
 * came back or got another weight.
 *
 * <p>The peer is {@link #drawsAlone}: SipHash of every proxy and row, which no rendezvous table
 * from nothing can do without.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@org.openjdk.jmh.annotations.State(Scope.Thread)
public class TableBuildBenchmark {
    @Param({"3", "16", "256"})
    public int proxies;

    @Param({"equal", "weighted"})
    public String weights = "equal";

    private PoolState steady = state(List.of());
    private ChainTable warm = new ChainTable();
    private int turn;

    @Setup
    public void prepare() {
        steady = state(List.of());
        warm = new ChainTable();
        warm.build(steady);
    }

    @Benchmark
    public ForwardingTable fromNothing() {
        return ChainTable.of(steady);
    }

    @Benchmark
    public long drawsAlone() {
        long[] rowSeeds = Rendezvous.rowSeeds(steady.spec().seed());
        long sum = 0;
        for (Proxy proxy : steady.proxies()) {
            sum += Rendezvous.column(steady.spec().seed(), rowSeeds, proxy.address().bytes())[7];
        }
        return sum;
    }

    /** Another proxy each time, so that its view is not known yet. */
    @Benchmark
    public ForwardingTable afterADrain() {
        List<Member> view = new ArrayList<>(steady.newest().members());
        view.remove(turn++ % proxies);
        return warm.build(state(view));
    }

    @Benchmark
    public ForwardingTable afterAGreaterWeight() {
        return afterAWeight(200 + turn % 1000);
    }

    @Benchmark
    public ForwardingTable afterASmallerWeight() {
        return afterAWeight(1 + turn % 49);
    }

    private ForwardingTable afterAWeight(int weight) {
        List<Member> view = new ArrayList<>(steady.newest().members());
        int at = turn++ % proxies;
        view.set(at, new Member(view.get(at).proxy(), weight));
        return warm.build(state(view));
    }

    /**
     * @param newest that took over from all; none if it is empty
     */
    private PoolState state(List<Member> newest) {
        List<Proxy> all = IntStream.range(0, proxies).mapToObj(this::proxy).toList();
        Epoch first = epoch(1, all.stream().map(p -> new Member(p.id(), p.weight())).toList());
        return new PoolState(
                "bench",
                1,
                new PoolSpec(
                        Wire.SLUICE,
                        new SipHash.Key(1, 2),
                        new SipHash.Key(3, 4),
                        Set.of(HashField.values()),
                        List.of(Bind.tcp(Address.parse("203.0.113.10"), 80))),
                all,
                newest.isEmpty() ? List.of(first) : List.of(epoch(2, newest), first),
                Optional.empty(),
                3);
    }

    private Proxy proxy(int index) {
        int weight = weights.equals("equal") ? 100 : 50 + index % 100;
        Address address = Address.parse("198.18.%d.%d".formatted(index >> 7, 1 + (index & 127)));
        return new Proxy("p" + index, address, State.ACTIVE, weight);
    }

    private static Epoch epoch(int id, List<Member> view) {
        return new Epoch(id, view, 1, 1, 0, 0, false);
    }
}
