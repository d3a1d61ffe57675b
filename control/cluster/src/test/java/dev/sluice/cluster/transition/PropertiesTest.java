package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.table.ViewRows;
import dev.sluice.cluster.transition.Change.ViewChange;
import dev.sluice.cluster.transition.Decision.Accepted;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What holds after every step of random operation; the parameter is the seed. */
class PropertiesTest {
    private static final int ROWS = 256;
    private static final int STEPS = 120;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyChainHasTheFirstTwoOfEveryEpochAndFitsAPacket(long seed) {
        Operation operation = new Operation(seed, Wire.SLUICE);
        for (int step = 0; step < STEPS; step++) {
            operation.step();
            assertChains(operation.world.state);
        }
        assertThat(operation.accepted).isGreaterThan(2);
    }

    private static void assertChains(PoolState state) {
        ChainTable tables = new ChainTable();
        ForwardingTable table = tables.build(state);
        List<ViewRows> views = state.epochs().map(e -> tables.view(state, e.members())).toList();
        for (int row = 0; row < ROWS; row++) {
            List<Integer> hops = table.chain(row).hops();
            assertThat(hops.size()).isBetween(1, PoolState.MAX_HOPS);
            for (ViewRows view : views) {
                assertThat(hops).contains(view.first(row));
                assertThat(view.second(row) < 0 || hops.contains(view.second(row))).isTrue();
            }
            int open = views.getFirst().second(row) < 0 ? 1 : 2;
            assertThat(table.openCount(row)).isEqualTo(open);
            assertThat(hops.getFirst()).isEqualTo(views.getFirst().first(row));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void statesAndWeightsFollowFromTheEpochs(long seed) {
        Operation operation = new Operation(seed, Wire.SLUICE);
        for (int step = 0; step < STEPS; step++) {
            operation.step();
            PoolState state = operation.world.state;
            for (Proxy proxy : state.proxies()) {
                assertThat(proxy.state()).isIn(possible(state, proxy.id()));
                state.newest().members().stream()
                        .filter(m -> m.proxy().equals(proxy.id()))
                        .forEach(m -> assertThat(m.weight()).isEqualTo(proxy.weight()));
            }
        }
    }

    private static Set<State> possible(PoolState state, String proxy) {
        Epoch goal = state.pending().orElse(state.newest());
        long in = state.live().stream().filter(e -> e.has(proxy)).count();
        if (goal.has(proxy)) {
            return in == state.live().size() ? Set.of(State.ACTIVE) : Set.of(State.FILLING);
        }
        return in > 0 ? Set.of(State.DRAINING) : Set.of(State.JOINING, State.DRAINED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void generationsGrowByOneAndEpochIdsAreUsedOnce(long seed) {
        Operation operation = new Operation(seed, Wire.SLUICE);
        Set<Long> ids = new HashSet<>();
        for (int step = 0; step < STEPS; step++) {
            PoolState before = operation.world.state;
            operation.step();
            PoolState after = operation.world.state;
            assertThat(after.generation() - before.generation()).isIn(0L, 1L);
            assertThat(after.nextEpochId()).isGreaterThanOrEqualTo(before.nextEpochId());
            after.epochs()
                    .filter(e -> before.epochs().noneMatch(b -> b.id() == e.id()))
                    .forEach(e -> assertThat(ids.add(e.id())).isTrue());
        }
    }

    /**
     * Reports say that nothing is held, so no flow is lost by forgetting; but nobody may forget
     * unasked.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void noChainLosesAHopThatHasNotReportedTheRowEmpty(long seed) {
        Operation operation = new Operation(seed, Wire.SLUICE);
        for (int step = 0; step < STEPS; step++) {
            PoolState before = operation.world.state;
            Facts facts = operation.world.facts();
            boolean gaveUp = operation.step();
            PoolState after = operation.world.state;
            if (gaveUp || before.proxies().size() != after.proxies().size()) {
                continue;
            }
            PoolState owners = before.withEpochs(before.live(), Optional.empty());
            ChainTable.of(owners)
                    .leaving(ChainTable.of(after.withEpochs(after.live(), Optional.empty())))
                    .forEach((proxy, rows) -> {
                        var report = facts.reportOf(before.proxies().get(proxy).id()).orElseThrow();
                        assertThat(report.rows().and(rows).isEmpty()).isTrue();
                        assertThat(report.installedGeneration())
                                .isGreaterThanOrEqualTo(before.newest().commitGeneration());
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mergedChangesEqualTheSameOnesOneByOne(long seed) {
        Random random = new Random(seed);
        World world = new World(small(Pools.active(8), ROWS));
        List<ViewChange> changes = new ArrayList<>();
        List<Member> oneByOne = world.state.newest().members();
        List<Proxy> proxies = world.state.proxies();
        for (int i = 0; i < 6; i++) {
            ViewChange change = randomChange(random, world.state, 0);
            PoolState alone = stateWith(world.state, proxies, oneByOne);
            Draft draft = Draft.of(alone, world.facts(), 0);
            if (draft.apply(change).isEmpty()) {
                changes.add(change);
                oneByOne = draft.view();
                proxies = draft.proxies();
            }
        }

        Draft merged = Draft.of(world.state, world.facts(), 0);
        assertThat(merged.applyAll(changes)).isEmpty();
        assertThat(weights(merged.view())).isEqualTo(weights(oneByOne));
        assertThat(changes).isNotEmpty();
    }

    private static Map<String, Integer> weights(List<Member> view) {
        Map<String, Integer> weights = new HashMap<>();
        view.forEach(m -> weights.put(m.proxy(), m.weight()));
        return weights;
    }

    private static PoolState stateWith(PoolState state, List<Proxy> proxies, List<Member> view) {
        return ProxyStates.next(
                state,
                proxies,
                List.of(new Epoch(99, view, 1, 1, 0, 0, false)),
                Optional.empty(),
                100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aPlansFiguresEqualANaiveRecount(long seed) {
        Operation operation = new Operation(seed, Wire.SLUICE);
        for (int step = 0; step < 10; step++) {
            operation.step();
            World world = operation.world;
            ViewChange change = randomChange(operation.random, world.state, 0);
            Plan plan = Plan.of(world.state, world.facts(), change, world.nowUnixMs);
            Draft draft = Draft.of(world.state, world.facts(), 0);
            draft.imagine(change);
            assertPlan(plan, world.state, draft.view());
        }
    }

    private static void assertPlan(Plan plan, PoolState state, List<Member> view) {
        PoolState one = state.withEpochs(List.of(state.newest()), Optional.empty());
        PoolState other = stateWith(state, state.proxies(), view);
        ForwardingTable before = ChainTable.of(one);
        ForwardingTable after = ChainTable.of(other);
        assertThat(plan.movedRows())
                .isEqualTo(count(row -> before.hop(row, 0) != after.hop(row, 0)));
        assertThat(plan.openRows())
                .isEqualTo(count(row -> !before.chain(row).hops().equals(after.chain(row).hops())));
        for (Plan.Load load : plan.loads()) {
            int proxy = before.indexOf(load.proxy());
            assertThat(load.rowsBefore()).isEqualTo(count(row -> before.hop(row, 0) == proxy));
            assertThat(load.rowsAfter()).isEqualTo(count(row -> after.hop(row, 0) == proxy));
            assertThat(load.displacedRows())
                    .isEqualTo(
                            count(row -> before.hop(row, 0) == proxy && !after.isOpen(row, proxy)));
        }
        assertThat(plan.loads().stream().mapToInt(Plan.Load::rowsAfter).sum()).isEqualTo(ROWS);
    }

    private static int count(IntPredicate rows) {
        return (int) IntStream.range(0, ROWS).filter(rows).count();
    }

    private static PoolState small(PoolState state, int rows) {
        return new PoolState(
                state.name(),
                state.generation(),
                state.spec().withRows(rows),
                state.proxies(),
                state.live(),
                state.pending(),
                state.nextEpochId());
    }

    private static ViewChange randomChange(Random random, PoolState state, long deadline) {
        String one = Pools.id(random.nextInt(state.proxies().size()));
        String other = Pools.id(random.nextInt(state.proxies().size()));
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Change.Drain(List.of(one), deadline);
            case 2 -> new Change.Fill(List.of(one));
            case 3 ->
                    new Change.Weigh(
                            new TreeMap<>(Map.of(one, 50 + random.nextInt(100))), deadline);
            case 4 -> new Change.Replace(one, other, deadline);
            default -> new Change.Failover(List.of(one), "votes");
        };
    }

    /** A pool whose operator, hosts and leader do random things. */
    private static final class Operation {
        final Random random;
        final World world;
        int accepted;

        Operation(long seed, Wire wire) {
            random = new Random(seed);
            PoolState pool = small(Pools.withEpochs(wire, 8, new int[] {0, 1, 2, 3, 4}), ROWS);
            world = new World(ProxyStates.next(pool, pool.proxies()));
        }

        /** True if a prepared epoch was given up. */
        boolean step() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> ask(randomChange(random, world.state, world.nowUnixMs + 3000));
                case 3 -> {
                    return random.nextInt(4) == 0 && ask(new Change.Abort());
                }
                case 4 -> world.everyoneCatchesUp();
                case 5 -> world.state.proxies().forEach(p -> world.report(p.id(), randomRows()));
                default -> advance();
            }
            world.nowUnixMs += 500;
            return false;
        }

        private boolean ask(Change change) {
            if (world.ask(change) instanceof Accepted yes) {
                world.state = yes.next();
                accepted++;
                return true;
            }
            return false;
        }

        private void advance() {
            if (Transitions.advance(world.state, world.facts(), world.nowUnixMs)
                    instanceof Advance.Write write) {
                world.state = write.next();
            }
        }

        private RowSet randomRows() {
            int held = random.nextInt(3) == 0 ? 0 : random.nextInt(ROWS / 4);
            return RowSet.of(random.ints(held, 0, ROWS));
        }
    }
}
