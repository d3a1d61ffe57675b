package dev.sluice.simulation;

import dev.sluice.cluster.agent.ProxyHostEffect;
import dev.sluice.cluster.agent.ProxyHostObservation;
import dev.sluice.cluster.agent.ProxyHostObservation.Installed;
import dev.sluice.cluster.agent.ProxyHostObservation.Persisted;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRead;
import dev.sluice.cluster.agent.ProxyHostObservation.PoolRefused;
import dev.sluice.cluster.agent.ProxyHostObservation.Reread;
import dev.sluice.cluster.agent.ProxyHostObservation.Scanned;
import dev.sluice.cluster.agent.ProxyHostObservation.SessionLost;
import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.agent.ProxyHostStep;
import dev.sluice.cluster.agent.Step;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A proxy's process: {@link ProxyHostStep} and what carries its effects out. */
final class ProxyProcess extends StepProcess<ProxyHostState, ProxyHostObservation, ProxyHostEffect>
        implements StoreClient.Listener {
    private final World world;
    private final ProxyHost host;
    private final StoreClient store;

    ProxyProcess(World world, ProxyHost host, String incarnation) {
        super(world, ProxyHostState.initial(host.id(), incarnation));
        this.world = world;
        this.host = host;
        this.store = new StoreClient(world, incarnation, Paths.POOL::equals, this);
    }

    StoreClient store() {
        return store;
    }

    void begin(ProxyHostObservation.Started started) {
        start(started);
        store.connect();
    }

    @Override
    void kill() {
        super.kill();
        store.close();
    }

    @Override
    public void onValue(String path, @Nullable Object value, int version) {
        offer(
                value instanceof PoolState state
                        ? new PoolRead(state)
                        : new PoolRefused(Paths.POOL_NAME, "gone"));
    }

    @Override
    public void onDisconnected() {
        offer(new SessionLost());
    }

    @Override
    public void onReread() {
        offer(new Reread());
    }

    @Override
    ProxyHostObservation tick() {
        return new ProxyHostObservation.Tick();
    }

    @Override
    Step<ProxyHostState, ProxyHostEffect> step(
            ProxyHostState before, ProxyHostObservation observation, long nowNanos) {
        return world.boundary().proxyStep(before, observation, nowNanos);
    }

    @Override
    long duration(ProxyHostEffect effect) {
        return switch (effect) {
            case ProxyHostEffect.Install ignored -> host.installNanos();
            case ProxyHostEffect.Persist ignored -> host.installNanos();
            default -> 0;
        };
    }

    @Override
    List<ProxyHostObservation> carryOut(ProxyHostEffect effect) {
        return switch (effect) {
            case ProxyHostEffect.Install(PoolState pool) -> {
                host.install(world.table(pool));
                yield List.of(new Installed(pool.name(), pool.generation()));
            }
            case ProxyHostEffect.Persist(PoolState pool) -> {
                host.persist(pool);
                yield List.of(new Persisted(pool.name(), pool.generation()));
            }
            case ProxyHostEffect.Scan(String pool, long generation) ->
                    List.of(new Scanned(pool, generation, host.scan()));
            case ProxyHostEffect.Report(String pool, OwnedReport report) -> report(report);
            case ProxyHostEffect.ResetFlows(String pool, RowSet rows) -> {
                host.reset(rows);
                yield List.of();
            }
            case ProxyHostEffect.Confirm(long untilNanos) -> {
                host.confirm(untilNanos);
                yield List.of();
            }
            // Only members of the cluster send here.
            case ProxyHostEffect.AllowSenders ignored -> List.of();
            case ProxyHostEffect.Serve(ProxyHostEffect.Mode mode) -> {
                host.serve(mode);
                yield List.of();
            }
            case ProxyHostEffect.PublishMember ignored -> publishMember();
        };
    }

    private List<ProxyHostObservation> report(OwnedReport report) {
        world.trace()
                .say(() ->
                        host.id()
                                + " reports at g"
                                + report.installedGeneration()
                                + " rows "
                                + report.rows().rows().boxed().toList());
        store.publish(
                Paths.owned(host.id()),
                new OwnedRows(
                        host.id(),
                        report.incarnation(),
                        report.installedGeneration(),
                        report.fenced(),
                        report.rows(),
                        report.flows(),
                        0),
                false,
                () -> {});
        return List.of();
    }

    private List<ProxyHostObservation> publishMember() {
        store.publish(
                Paths.proxyMember(host.id()),
                new ProxyMember(
                        host.id(),
                        host.address(),
                        state().incarnation(),
                        "simulated",
                        1,
                        state().persisted(),
                        0,
                        0,
                        List.of()),
                true,
                () -> {});
        return List.of();
    }
}
