package dev.sluice.director.bench;

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
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;
import dev.sluice.cluster.transition.Plan;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.transition.Transitions;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What a controller computes: 256 proxies, two epochs that settle, a report of every proxy with a
 * thousand rows, 20 directors. Run with {@code -prof gc} to see the memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@State(Scope.Thread)
public class ChangeBenchmark {
    private static final int PROXIES = 256;
    private static final long NOW = 1_000_000;

    @Param({"equal", "weighted"})
    public String weights = "equal";

    private PoolState state = state(List.of());
    private Facts facts = Facts.NONE;
    private ChainTable warm = new ChainTable();
    private int turn;

    @Setup
    public void prepare() {
        List<Proxy> proxies = IntStream.range(0, PROXIES).mapToObj(this::proxy).toList();
        state = state(proxies);
        facts = facts(proxies);
        warm = new ChainTable();
    }

    /** As a controller that has just begun to lead. */
    @Benchmark
    public Decision checkFromNothing() {
        return Safety.check(state, facts, drain(), NOW);
    }

    /** Of another proxy each time. */
    @Benchmark
    public Decision check() {
        return Safety.check(warm, state, facts, drain(), NOW);
    }

    @Benchmark
    public Plan plan() {
        return Plan.of(warm, state, facts, drain(), NOW);
    }

    /** What the leader does twice a second while something settles. */
    @Benchmark
    public Advance advance() {
        return Transitions.advance(warm, state, facts, NOW);
    }

    private Change drain() {
        return new Change.Drain(List.of("p" + (2 + turn++ % (PROXIES - 2))), 0);
    }

    private PoolState state(List<Proxy> proxies) {
        List<Epoch> live = new ArrayList<>();
        for (int drained = 2; drained >= 0; drained--) {
            List<Member> view =
                    proxies.stream()
                            .skip(drained)
                            .map(p -> new Member(p.id(), p.weight()))
                            .toList();
            long generation = 1 + 2 * drained;
            live.add(new Epoch(drained + 1, view, generation, generation, 0, 0, false));
        }
        return new PoolState(
                "bench",
                5,
                new PoolSpec(
                        Wire.SLUICE,
                        new SipHash.Key(1, 2),
                        new SipHash.Key(3, 4),
                        Set.of(HashField.values()),
                        List.of(Bind.tcp(Address.parse("203.0.113.10"), 80))),
                proxies,
                live,
                Optional.empty(),
                4);
    }

    private static Facts facts(List<Proxy> proxies) {
        Random random = new Random(1);
        Map<String, DirectorFacts> directors = new HashMap<>();
        IntStream.range(0, 20)
                .forEach(i -> directors.put("d" + i, new DirectorFacts(5, false, true, Set.of())));
        Map<String, ProxyFacts> running = new HashMap<>();
        Map<String, OwnedReport> reports = new HashMap<>();
        for (Proxy proxy : proxies) {
            running.put(proxy.id(), new ProxyFacts("i", 5, 1000));
            RowSet rows = RowSet.of(random.ints(1000, 0, PoolSpec.ROWS));
            reports.put(proxy.id(), new OwnedReport("i", 5, true, rows, 1000));
        }
        return new Facts(directors, running, reports);
    }

    private Proxy proxy(int index) {
        int weight = weights.equals("equal") ? 100 : 50 + index % 100;
        Address address = Address.parse("198.18.%d.%d".formatted(index >> 7, 1 + (index & 127)));
        return new Proxy("p" + index, address, Proxy.State.ACTIVE, weight);
    }
}
