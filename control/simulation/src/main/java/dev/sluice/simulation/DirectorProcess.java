package dev.sluice.simulation;

import dev.sluice.cluster.agent.DirectorEffect;
import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.agent.DirectorObservation.Acknowledged;
import dev.sluice.cluster.agent.DirectorObservation.Installed;
import dev.sluice.cluster.agent.DirectorObservation.PoolRead;
import dev.sluice.cluster.agent.DirectorObservation.PoolRefused;
import dev.sluice.cluster.agent.DirectorObservation.Reread;
import dev.sluice.cluster.agent.DirectorObservation.SessionLost;
import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.agent.DirectorStep;
import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.agent.Step;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorMember.HopVote;
import dev.sluice.cluster.table.ForwardingTable;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A director's process: {@link DirectorStep} and what carries its effects out. */
final class DirectorProcess extends StepProcess<DirectorState, DirectorObservation, DirectorEffect>
        implements StoreClient.Listener {
    private static final HopHealth.Thresholds THRESHOLDS = new HopHealth.Thresholds(3, 2);

    private final World world;
    private final DirectorHost host;
    private final StoreClient store;
    private Set<String> demoted = Set.of();

    DirectorProcess(World world, DirectorHost host) {
        super(world, DirectorState.initial(THRESHOLDS, world.nowNanos()));
        this.world = world;
        this.host = host;
        this.store = new StoreClient(world, host.id(), Paths.POOL::equals, this);
    }

    StoreClient store() {
        return store;
    }

    Set<String> demoted() {
        return demoted;
    }

    void begin(DirectorObservation.Started started) {
        start(started);
        store.connect();
        host.probe(this);
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
    DirectorObservation tick() {
        return new DirectorObservation.Tick();
    }

    @Override
    Step<DirectorState, DirectorEffect> step(
            DirectorState before, DirectorObservation observation, long nowNanos) {
        return DirectorStep.apply(
                before, world.boundary().directorSees(host, observation), nowNanos);
    }

    @Override
    long duration(DirectorEffect effect) {
        return DirectorHost.isInstall(effect) && !world.boundary().answersBeforeTheSwap()
                ? host.installNanos()
                : 0;
    }

    @Override
    List<DirectorObservation> carryOut(DirectorEffect effect) {
        return switch (effect) {
            case DirectorEffect.Install install -> install(install.state(), install.demoted());
            case DirectorEffect.SaveSnapshot save -> {
                host.save(save.state());
                yield List.of();
            }
            case DirectorEffect.Acknowledge acknowledge -> {
                host.acknowledge(
                        acknowledge.generations(),
                        () -> offer(new Acknowledged(new TreeMap<>(acknowledge.generations()))));
                yield List.of();
            }
            case DirectorEffect.Announce ignored -> host.announce();
            case DirectorEffect.PublishMember ignored -> publishMember();
        };
    }

    private List<DirectorObservation> install(PoolState pool, Set<String> away) {
        ForwardingTable table = world.boundary().demote(world.table(pool), away);
        if (world.boundary().answersBeforeTheSwap()) {
            world.after(host.installNanos(), () -> host.install(table));
        } else {
            host.install(table);
        }
        demoted = away;
        return List.of(new Installed(pool.name(), pool.generation(), away));
    }

    private List<DirectorObservation> publishMember() {
        List<HopVote> votes =
                new TreeMap<>(state().hops())
                        .entrySet().stream()
                                .map(e ->
                                        new HopVote(
                                                e.getKey(),
                                                e.getValue().reachable(),
                                                e.getValue().reason()))
                                .toList();
        store.publish(
                Paths.directorMember(host.id()),
                new DirectorMember(
                        host.id(), "simulated", "model", state().announcing(), votes, List.of()),
                true,
                () -> {});
        return List.of();
    }
}
