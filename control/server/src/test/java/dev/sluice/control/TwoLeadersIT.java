package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Transitions;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.Published;
import dev.sluice.cluster.zookeeper.Sessions;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.cluster.zookeeper.WriteGate;

import org.apache.curator.test.TestingCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Who believes to lead and does not, and who decides on what is no longer so, cannot write. */
class TwoLeadersIT {
    private static TestingCluster ensemble;
    private static int worlds;

    @TempDir Path folder;

    @BeforeAll
    static void startEnsemble() throws Exception {
        ensemble = World.ensemble();
        ensemble.start();
    }

    @AfterAll
    static void stopEnsemble() throws Exception {
        ensemble.close();
    }

    private World world() throws Exception {
        return new World(folder, ensemble.getConnectString(), "t" + worlds++);
    }

    private static List<String> steps(World world) throws StoreException {
        return world.store.events().newest(100).stream()
                .map(EventLog.Logged::event)
                .filter(e -> e.action().equals("advance"))
                .map(AuditEvent::effect)
                .toList();
    }

    /** A reconciler that believes that it leads, whatever ZooKeeper says. */
    private record Believer(ClusterStore store, Reconciler reconciler) implements AutoCloseable {
        static Believer start(ClusterStore.Target target, String id, WriteGate gate) {
            ClusterStore store = ClusterStore.of(target, gate);
            Observer observer = new Observer(store);
            observer.subscribe();
            store.start();
            QueueCommands queues =
                    new QueueCommands(observer, store.queues(), InstantSource.system());
            Reconciler reconciler =
                    new Reconciler(
                            observer,
                            new Basis.Reader(observer::view, store.pools(), store.members()),
                            new Reconciler.Stores(store.pools(), store.queues(), queues),
                            () -> true,
                            id,
                            Reconciler.Clocks.SYSTEM,
                            new PhaseWatch());
            reconciler.start();
            return new Believer(store, reconciler);
        }

        @Override
        public void close() {
            reconciler.close();
            store.close();
        }
    }

    @Test
    void ofTwoThatBelieveToLeadOneWritesEachStep() throws Exception {
        try (World world = world()) {
            world.hold(true);
            world.run("drain", "p1");
            world.controls.forEach(World.Control::die);
            // Both have decided on the commit before either writes it.
            CyclicBarrier both = new CyclicBarrier(2);
            WriteGate meet = what -> both.await(60, TimeUnit.SECONDS);
            try (Believer a = Believer.start(world.target(), "a", once(meet));
                    Believer b = Believer.start(world.target(), "b", once(meet))) {
                world.hold(false);
                await().atMost(World.PATIENCE).until(world::isSteady);
                assertThat(both.isBroken()).isFalse();
                assertThat(a.store()).isNotSameAs(b.store());
            }
            assertThat(steps(world)).containsExactly("epoch 2 committed", "epoch 1 settled");
            assertThat(world.pool().generation()).isEqualTo(4);
        }
    }

    private static WriteGate once(WriteGate gate) {
        CountDownLatch first = new CountDownLatch(1);
        return what -> {
            if (first.getCount() > 0) {
                first.countDown();
                gate.beforeWrite(what);
            }
        };
    }

    @Test
    void aLeaderThatSleptThroughItsSessionIsRefusedWhenItWakes() throws Exception {
        try (World world = world()) {
            World.Control sleeper = world.leader();
            CountDownLatch wake = new CountDownLatch(1);
            world.hold(true);
            world.run("drain", "p1");
            sleeper.gate().sleepBeforeTheNextWrite(wake);
            world.hold(false);
            await().atMost(World.PATIENCE).until(sleeper.gate()::sleeps);
            Sessions.expire(sleeper.process().store());
            // It decided to commit as the leader; the next leader does so meanwhile.
            await().atMost(World.PATIENCE).until(world::isSteady);
            PoolState before = world.pool();
            wake.countDown();
            await().atMost(World.PATIENCE).until(() -> sleeper.gate().awakened() > 0);
            await().atMost(World.PATIENCE)
                    .until(() -> sleeper.sluice().run("status").out().contains(" connected"));
            assertThat(world.pool()).isEqualTo(before);
            assertThat(steps(world)).containsExactly("epoch 2 committed", "epoch 1 settled");
        }
    }

    @Test
    void aDirectorThatTheWatchesHaveNotSeenIsWaitedFor() throws Exception {
        try (World world = world()) {
            world.hold(true);
            world.run("drain", "p1");
            Observer observer = new Observer(world.store);
            observer.subscribe();
            await().atMost(World.PATIENCE)
                    .until(() ->
                            observer.view().directors().size() == 2
                                    && observer.view().proxyMembers().size() == 3);
            ClusterView stale = observer.view();
            // A third director records itself; then everybody else is ready for the commit.
            try (Published<DirectorRecord> third = world.store.members().publishDirector("d3")) {
                third.set(
                        new DirectorRecord(
                                "d3",
                                dev.sluice.cluster.pool.Address.parse("198.18.1.3"),
                                Map.of(),
                                false));
                assertThat(third.awaitWritten(World.PATIENCE)).isTrue();
            }
            Basis.Reader reader =
                    new Basis.Reader(
                            () -> current(stale), world.store.pools(), world.store.members());
            Basis basis = reader.read("web");
            assertThat(stale.facts(basis.state()).directors()).doesNotContainKey("d3");
            assertThat(basis.facts().directors()).containsKeys("d1", "d2", "d3");
            assertThat(Transitions.advance(basis.state(), basis.facts(), Long.MAX_VALUE))
                    .isInstanceOfSatisfying(
                            Advance.Wait.class,
                            wait ->
                                    assertThat(wait.reasons())
                                            .anyMatch(r -> r.contains("director d3")));
        }
    }

    /** What this test's own store tells of its session does not matter. */
    private static ClusterView current(ClusterView view) {
        return new ClusterView(
                view.number(),
                true,
                true,
                view.pools(),
                view.directors(),
                view.directorMembers(),
                view.proxyMembers(),
                view.owned(),
                view.queues(),
                view.rollout(),
                view.active(),
                view.problems());
    }
}
