package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One cluster in virtual time: directors, proxies, controllers, a store, clients and an operator,
 * around the production step functions; faults of every kind; and the promises, asked wherever they
 * could break. The same seed always gives the same run.
 */
public final class Simulation {
    private static final long PROGRESS_FROM = Nanos.seconds(20);
    private static final long CLOSE_AFTER = Nanos.seconds(40);
    private static final long LOOK = Nanos.seconds(5);
    private static final long SETTLED_AFTER = Nanos.seconds(300);

    private Simulation() {}

    /**
     * Runs one seed.
     *
     * @param wire of the pool: on GLB's fewer flows are promised to live, docs/protocol.md
     * @param off guards that are switched off
     * @param traced whether the outcome has a trace
     */
    public static Outcome run(long seed, Wire wire, Set<Guard> off, boolean traced) {
        return run(seed, Scenario.of(seed, wire), off, Optional.empty(), traced);
    }

    /** As {@link #run(long, Wire, Set, boolean)}, on Sluice's wire. */
    static Outcome run(long seed, Set<Guard> off, boolean traced) {
        return run(seed, Wire.SLUICE, off, traced);
    }

    /**
     * Runs one seed with some of its faults and commands.
     *
     * @param only their numbers
     */
    public static Outcome run(
            long seed, Wire wire, Set<Guard> off, List<Integer> only, boolean traced) {
        Scenario scenario = Scenario.of(seed, wire);
        List<Incident> fewer =
                scenario.incidents().stream().filter(i -> only.contains(i.number())).toList();
        return run(seed, scenario.with(fewer), off, Optional.of(only), traced);
    }

    /**
     * Runs a seed that broke a promise again and again, with ever fewer faults and commands, as
     * long as the same kind of promise breaks.
     */
    public static Outcome minimised(Outcome bad, boolean traced) {
        return Minimiser.minimise(bad, traced);
    }

    static Outcome run(
            long seed,
            Scenario scenario,
            Set<Guard> off,
            Optional<List<Integer>> only,
            boolean traced) {
        World world = new World(seed, scenario, off, Checks.ALL, traced, 0);
        Optional<Violation> violation = live(world, scenario);
        return new Outcome(
                seed, scenario.wire(), off, only, violation, world.trace().lines(), counts(world));
    }

    /**
     * Runs one seed with all guards on.
     *
     * @param maxHops no more than the first so many are kept
     */
    public static History history(long seed, int maxHops) {
        Scenario scenario = Scenario.of(seed, Wire.SLUICE);
        World world = new World(seed, scenario, Set.of(), Checks.ALL, false, maxHops);
        live(world, scenario);
        return new History(seed, world.recorder().hops());
    }

    /** Runs a scenario to its end, and counts the live flows that were cut. */
    static Cuts cuts(long seed, Scenario scenario, Checks checks) {
        World world = new World(seed, scenario, Set.of(), checks, false, 0);
        world.start(scenario.incidents());
        world.scheduler().runUntil(scenario.chaosNanos());
        world.repair();
        world.scheduler().runUntil(scenario.chaosNanos() + CLOSE_AFTER);
        return new Cuts(world.clients().established(), world.invariants().cut(), world.accepted());
    }

    /**
     * @param established flows
     * @param cut of them, while they lived
     * @param changes that were accepted
     */
    record Cuts(long established, long cut, long changes) {
        static final Cuts NONE = new Cuts(0, 0, 0);

        Cuts plus(Cuts other) {
            return new Cuts(
                    established + other.established, cut + other.cut, changes + other.changes);
        }
    }

    private static Optional<Violation> live(World world, Scenario scenario) {
        try {
            world.start(scenario.incidents());
            Scheduler scheduler = world.scheduler();
            scheduler.runUntil(scenario.chaosNanos());
            world.repair();
            long repaired = scheduler.nowNanos();
            scheduler.runUntil(repaired + CLOSE_AFTER);
            world.invariants().allAnswered(repaired + PROGRESS_FROM);
            world.clients().close();
            settle(world, repaired + SETTLED_AFTER);
            return Optional.empty();
        } catch (Violation.Found found) {
            return Optional.of(found.violation());
        }
    }

    private static void settle(World world, long untilNanos) {
        Scheduler scheduler = world.scheduler();
        while (isChanging(world.pool()) || world.isQueueing()) {
            if (scheduler.nowNanos() >= untilNanos) {
                List<String> reasons =
                        world.controllers().stream().flatMap(c -> c.reasons().stream()).toList();
                world.invariants().settled(world.pool(), reasons);
            }
            scheduler.runUntil(scheduler.nowNanos() + LOOK);
        }
    }

    private static boolean isChanging(PoolState state) {
        return state.pending().isPresent() || !state.settling().isEmpty();
    }

    private static SortedMap<String, Long> counts(World world) {
        SortedMap<String, Long> counts = new TreeMap<>();
        counts.put("events", world.scheduler().asked());
        counts.put("steps", world.steps());
        counts.put("packets", world.network().packets());
        counts.put("flows", (long) world.clients().opened());
        counts.put("flows established", (long) world.clients().established());
        counts.put("flows finished", (long) world.clients().finished());
        counts.put("flows stalled by a leftover of their tuple", (long) world.leftovers());
        counts.put("flows cut as announced", (long) world.invariants().cutAsAnnounced());
        counts.put("flows without a promise", (long) world.glbPromise().excluded());
        counts.put("changes by force", world.announced().forced());
        counts.put("generations", world.pool().generation());
        counts.put("store writes", world.ensemble().writes());
        world.acceptedChanges().forEach((name, n) -> counts.put("changes: " + name, (long) n));
        return counts;
    }
}
