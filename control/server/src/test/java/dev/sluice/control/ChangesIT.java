package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.Ports;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Every command that changes a pool, as an operator gives it, over the Unix socket. */
class ChangesIT {
    @TempDir Path folder;
    private TestingServer zookeeper;
    private World world;

    @BeforeEach
    void startWorld() throws Exception {
        zookeeper = new TestingServer(Ports.free(), true);
        world = new World(folder, zookeeper.getConnectString(), "x");
    }

    @AfterEach
    void stopWorld() throws Exception {
        world.close();
        zookeeper.close();
    }

    private Sluice.Result run(String... args) {
        return world.controls.getFirst().sluice().run(args);
    }

    private String out(String... args) {
        Sluice.Result result = run(args);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.out();
    }

    private void awaitOut(String command, String... patterns) {
        await().atMost(World.PATIENCE)
                .untilAsserted(() -> {
                    String out = run(command).out();
                    for (String pattern : patterns) {
                        assertThat(out).containsPattern(pattern);
                    }
                });
    }

    @Test
    void severalProxiesAreOneChange() {
        Sluice.Result drain = run("drain", "p1", "p2", "--wait");
        assertThat(drain.exit()).as(drain.err()).isZero();
        assertThat(drain.out()).contains("p1, p2 are drained after");
        assertThat(world.pool().generation()).isEqualTo(4);
        assertThat(out("fill", "p1", "p2", "--wait")).contains("acknowledged by the last director");
        awaitOut("status", "steady", "p1 +active", "p2 +active");
    }

    @Test
    void weightsChangeSharesAndPlanSaysHowMuch() {
        String plan = out("plan", "weight", "p1=3", "p2=2");
        assertThat(plan)
                .contains("new connections that go elsewhere: ")
                .containsPattern("p1 +33\\.\\d % +(49|50)\\.\\d %")
                .containsPattern("p3 +33\\.\\d % +(16|17)\\.\\d %")
                .contains("prepare waits for all directors and all proxies")
                .contains("d1, d2, p1, p2, p3");
        assertThat(world.pool().generation()).isEqualTo(1);
        assertThat(out("weight", "p1=3", "p2=2", "--wait")).contains("acknowledged");
        awaitOut("status", "steady");
        assertThat(world.pool().newest().members().toString())
                .contains("p1, weight=3", "p2, weight=2", "p3, weight=1");
        Sluice.Result again = run("weight", "p1=3");
        assertThat(again.exit()).isEqualTo(3);
        assertThat(again.err()).contains("nothing to do");
    }

    @Test
    void aProxyIsAddedFilledReplacedAndRemoved() {
        assertThat(out("add", "p4", "--address", "198.18.2.4", "--weight", "2"))
                .contains("p4 joins at 198.18.2.4");
        assertThat(run("replace", "p1", "p4").err()).contains("p4 has no session");
        try (FakeProxy p4 = new FakeProxy(world.target(), "p4", "198.18.2.4")) {
            await().atMost(World.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(run("status").out())
                                    .containsPattern("p4 +joining +unknown +2 "));
            assertThat(out("replace", "p1", "p4", "--wait")).contains("p1 is drained after");
            p4.hold(0);
            assertThat(out("remove", "p1")).contains("p1 removed");
            awaitOut("status", "p4 +active");
            assertThat(run("status").out()).doesNotContain("p1 ");
            assertThat(run("remove", "p4").err()).contains("drain it first");
        }
    }

    @Test
    void hashFieldsChangeAndTheFormerGoOnceNobodyHoldsAFlowOfTheirs() {
        world.proxies.getFirst().hold(5);
        assertThat(run("pool", "hash-fields", "port").err())
                .contains("hash field port; allowed: source-address, destination-address");
        assertThat(out("pool", "hash-fields", "source-address", "destination-address"))
                .contains("rows by source-address, destination-address: prepared");
        awaitOut("epochs", "p1 holds 5 connections that only the former ones find");
        assertThat(run("drain", "p2").err()).contains("is changing its hash fields");
        assertThat(world.pool().spec().formerHashFields()).hasSize(4);

        world.proxies.getFirst().hold(0);
        await().atMost(World.PATIENCE).until(() -> !world.pool().spec().isMigrating());
        assertThat(world.pool().spec().hashFields()).hasSize(2);
        assertThat(out("drain", "p2")).contains("prepared");
    }

    @Test
    void aChangeThatCannotBeginIsRefusedWithAllThatIsKnownOrQueued() {
        world.hold(true);
        assertThat(out("drain", "p1")).contains("epoch 2 prepared");
        Sluice.Result refused = run("drain", "p2");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err())
                .contains("refused: pool web is preparing another change")
                .contains("held by:  d1, d2, p1, p2, p3")
                .contains("way out:  ")
                .contains("--queue")
                .contains("sluice abort");
        assertThat(run("plan", "drain", "p2").exit()).isEqualTo(3);

        assertThat(out("drain", "p2", "--queue")).contains("pool web: queued as 1, at place 1");
        assertThat(out("weight", "p3=5", "--queue")).contains("queued as 2, at place 2");
        assertThat(run("drain", "p3", "--queue").err()).contains("p3 is the last proxy");
        awaitOut("queue", "1 +drain p2 +\\S+ \\(\\d+\\)", "2 +weight p3=5", "waiting: ");
        awaitOut("status", "queued 1: drain p2", "waiting: commit waits: director d1");
        assertThat(out("queue", "cancel", "2")).contains("cancelled 2, weight p3=5");
        assertThat(run("queue", "cancel", "2").exit()).isEqualTo(3);

        world.hold(false);
        awaitOut("status", "steady", "p1 +drained", "p2 +drained", "p3 +active");
        assertThat(out("queue")).contains("nothing is queued");
        assertThat(out("events"))
                .containsPattern("queue +web/p2 +queued as 1, at place 1: drain p2")
                .containsPattern("queue-cancel +web/p3=5")
                .containsPattern("drain +web/p2 +p2 drains.*, queued as 1");
    }

    @Test
    void aQueuedDrainCanBeWaitedFor() {
        world.hold(true);
        assertThat(out("drain", "p1")).contains("prepared");
        Sluice.Running drain =
                world.controls.getLast().sluice().start("drain", "p2", "--queue", "--wait");
        await().atMost(World.PATIENCE)
                .untilAsserted(() -> assertThat(drain.out().toString()).contains("p2   queued: "));
        world.hold(false);
        Sluice.Result done = drain.result().join();
        assertThat(done.exit()).as(done.err()).isZero();
        assertThat(done.out()).contains("p2 is drained after");
    }

    @Test
    void forceSaysTheRiskAsksAndIsAudited() {
        world.hold(true);
        assertThat(out("drain", "p1")).contains("prepared");
        Sluice.Result unasked = run("drain", "p2", "--force");
        assertThat(unasked.exit()).isEqualTo(2);
        assertThat(unasked.err())
                .contains("pool web: refused, because pool web is preparing another change")
                .contains("at risk:  ")
                .contains("--force needs --yes where nobody can be asked; nothing was done");
        assertThat(world.pool().generation()).isEqualTo(2);

        Sluice.Result forced = run("drain", "p2", "--force", "--yes");
        assertThat(forced.exit()).as(forced.err()).isZero();
        assertThat(forced.err()).contains("at risk:  ");
        world.hold(false);
        awaitOut("status", "steady", "p2 +drained");
        assertThat(out("events"))
                .containsPattern("drain +web/p2 .*; FORCED at the risk of \\d+ connections on");
        // Where nothing stands against it, force changes nothing and asks nothing.
        assertThat(out("drain", "p1", "--force")).contains("p1 drains");
    }

    @Test
    void epochsNameWhoHoldsThemAndAHolderThatIsOffCanBeGivenUp() {
        world.proxies.getFirst().hold(5);
        assertThat(out("drain", "p1", "--wait=acknowledged")).contains("acknowledged");
        awaitOut(
                "epochs",
                "epoch 2 +newest +since generation 3 +p2=1 p3=1",
                "epoch 1 +settling",
                "proxy p1 holds 5 connections on \\d+ rows \\(\\d+ rows\\)");
        assertThat(out("epochs", "-o", "json"))
                .contains("\"kind\": \"flows\"", "\"who\": \"p1\"", "\"connections\": 5");
        assertThat(run("settle", "1").err())
                .contains("epoch 1 is still in use")
                .contains("held by:  p1");
        assertThat(run("confirm-off", "p1").err()).contains("p1 has a session: it is not off");
        world.proxies.getFirst().close();
        await().atMost(World.PATIENCE)
                .until(() -> run("confirm-off", "p1").out().contains("p1 is confirmed off"));
        awaitOut("status", "steady", "p1 +drained, confirmed off +no session");
    }

    @Test
    void statusNamesLaggardsSinceWhenAndUntilWhenAllAreWaitedFor() {
        world.directors.get(1).hold(true);
        world.proxies.get(2).freeze(true);
        assertThat(out("drain", "p1")).contains("prepared");
        awaitOut(
                "status",
                "d2 +announcing +web 1 \\(lagging for [1-4]s\\)",
                "p3 +active +unknown +1 \\(lagging for [1-4]s\\)",
                "commit waits: director d2 has acknowledged generation 1 of 2",
                "waits for all of them for [1-4]s more, then for one tier");
        awaitOut("status", "waits until all directors, or all proxies, know it");
        Sluice.Result remove = run("directors", "remove", "d2");
        assertThat(remove.exit()).isEqualTo(3);
        assertThat(remove.err()).contains("director d2 is running");
        world.directors.get(1).hold(false);
        awaitOut("status", "p1 +drain");
    }

    @Test
    void theLeaderFailsOverOnTheVotesOfMostDirectors() {
        world.directors.forEach(d -> d.vote("p1", false, "connection refused"));
        awaitOut("status", "p1 +drained, failed over +unhealthy");
        assertThat(out("events"))
                .containsPattern("failover +web/p1 .*2 of 2 directors cannot reach");
        world.directors.forEach(d -> d.vote("p2", false, "timeout"));
        awaitOut("status", "pool web: .*more than half of the weight would be out");
    }

    @Test
    void aCorruptPoolIsRepairedFromTheLastGoodStateByOneWhoKnowsIt() throws Exception {
        assertThat(out("drain", "p1", "--wait")).contains("drained");
        assertThat(run("pool", "repair", "web").err()).contains("pool web is not corrupt");
        assertThat(run("pool", "repair", "wob").err()).contains("did you mean 'web'?");
        try (CuratorFramework raw =
                CuratorFrameworkFactory.newClient(
                        zookeeper.getConnectString(), new RetryOneTime(100))) {
            raw.start();
            raw.setData().forPath("/sluice/x/pools/web", "junk".getBytes(StandardCharsets.UTF_8));
        }
        awaitOut("status", "waiting: the pool's node is corrupt: 'sluice pool repair web'");
        assertThat(out("pool", "repair", "web")).contains("pool web is at generation 6");
        awaitOut("status", "generation 6 +steady", "p1 +drained");
        assertThat(out("events")).containsPattern("pool-repair +web +the state of generation 4");
        assertThat(out("fill", "p1", "--wait")).contains("acknowledged");
    }

    @Test
    void severalPoolsChangeTogetherOrNotAtAll() throws Exception {
        // The second pool shares p1 and p2.
        Path file =
                world.writeControlFile(
                        "c9",
                        """
                          - name: api
                            binds: ["203.0.113.11:80/tcp"]
                            proxies:
                              - {id: p1, address: 198.18.2.1}
                              - {id: p2, address: 198.18.2.2}
                        """);
        try (ControlProcess fourth =
                ControlProcess.start(ControlConfig.load(file).orElseThrow(), false)) {
            assertThat(fourth.leads()).isFalse();
            awaitOut("status", "pool api", "web 1, api 1|api 1, web 1");
            await().atMost(World.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(run("drain", "p1", "--wait").out())
                                    .contains("pool api: p1 drains")
                                    .contains("pool web: p1 drains")
                                    .contains("p1 is drained after"));
            // In api p2 is the last one.
            Sluice.Result partly = run("drain", "p2");
            assertThat(partly.exit()).isEqualTo(3);
            assertThat(partly.err())
                    .contains("pool api: refused: p2 is the last proxy of pool api")
                    .contains("pool web: refused: not begun, since pool api refuses");
            assertThat(out("drain", "p2", "--pool", "web", "--wait")).contains("p2 is drained");
            assertThat(run("drain", "p2", "-o", "json").out())
                    .contains("{\"event\":\"refused\"")
                    .contains("\"kind\":\"wrong\"");
        }
    }
}
