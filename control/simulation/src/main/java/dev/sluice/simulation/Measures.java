package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.simulation.Incident.Kind;
import dev.sluice.simulation.Simulation.Cuts;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Figures of the simulated cluster, in its virtual time: the tables of docs/simulation.md. */
public final class Measures {
    /** What the latencies of {@link #drain} are: those of the model, without faults. */
    public static final String LATENCIES =
            "watch 1-30 ms, write 2-40 ms, install 1-20 ms, flows of at most a second";

    private static final long COMMAND_AT = Nanos.seconds(10);
    private static final long LOOK = Nanos.MILLI;
    private static final long TOO_LONG = Nanos.seconds(120);

    private Measures() {}

    /**
     * A drain of one of four proxies, from the command on.
     *
     * @param acknowledgedNanos until the last director has acknowledged the commit
     * @param settledNanos until the drained proxy is in no chain
     */
    public record DrainTime(int directors, long acknowledgedNanos, long settledNanos) {}

    /**
     * Live flows that were cut in the same scenarios.
     *
     * @param first of the seeds
     * @param last of them
     * @param flows that were established on Sluice's wire
     */
    public record CutFlows(
            long first,
            long last,
            long flows,
            long changes,
            long sluice,
            long glbFlows,
            long glbChanges,
            long glb) {}

    /** One drain in a cluster without faults. */
    public static DrainTime drain(int directors, long seed) {
        Scenario scenario = calm(directors);
        World world = new World(seed, scenario, Set.of(), Checks.ALL, false, 0);
        world.start(scenario.incidents());
        world.scheduler().runUntil(COMMAND_AT);
        long before = world.pool().newest().id();
        long acknowledged = until(world, () -> committed(world, before) && allKnow(world));
        long settled = until(world, () -> world.pool().settling().isEmpty());
        return new DrainTime(directors, acknowledged - COMMAND_AT, settled - COMMAND_AT);
    }

    private static boolean committed(World world, long before) {
        return world.pool().newest().id() != before;
    }

    private static boolean allKnow(World world) {
        PoolState pool = world.pool();
        return world.directors().stream().allMatch(d -> acknowledged(world, d, pool));
    }

    private static boolean acknowledged(World world, DirectorHost director, PoolState pool) {
        Ensemble.Node node = world.ensemble().read(Paths.director(director.id()));
        return node != null
                && node.value() instanceof DirectorRecord record
                && record.acknowledged().getOrDefault(pool.name(), 0L)
                        >= pool.newest().commitGeneration();
    }

    private static long until(World world, BooleanSupplier condition) {
        Scheduler scheduler = world.scheduler();
        while (!condition.getAsBoolean()) {
            if (scheduler.nowNanos() > TOO_LONG) {
                throw new IllegalStateException("a drain without faults does not end");
            }
            scheduler.runUntil(scheduler.nowNanos() + LOOK);
        }
        return scheduler.nowNanos();
    }

    private static Scenario calm(int directors) {
        return new Scenario(
                Scenario.Profile.MIXED,
                Wire.SLUICE,
                directors,
                4,
                4,
                1,
                16,
                TOO_LONG,
                new Scenario.Traffic(Nanos.millis(50), 0, Nanos.SECOND, 0, 0),
                new Scenario.Weather(0, 0, 0, 0, 0, 0),
                List.of(new Incident(1, Kind.DRAIN, COMMAND_AT, 0, 1)));
    }

    /** The same faults and commands on Sluice's wire, and by GLB as it is operated. */
    public static CutFlows cuts(long first, long last) {
        List<Cuts> ours = new ArrayList<>();
        List<Cuts> theirs = new ArrayList<>();
        for (long seed = first; seed <= last; seed++) {
            ours.add(Simulation.cuts(seed, Scenario.of(seed, Wire.SLUICE), Checks.COUNTED));
            theirs.add(Simulation.cuts(seed, Scenario.of(seed, Wire.GLB), Checks.NONE));
        }
        Cuts sluice = ours.stream().reduce(Cuts.NONE, Cuts::plus);
        Cuts glb = theirs.stream().reduce(Cuts.NONE, Cuts::plus);
        return new CutFlows(
                first,
                last,
                sluice.established(),
                sluice.changes(),
                sluice.cut(),
                glb.established(),
                glb.changes(),
                glb.cut());
    }
}
