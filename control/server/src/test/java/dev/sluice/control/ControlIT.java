package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Operators against a control process over its Unix socket, with fake directors and proxies. */
class ControlIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir Path folder;
    private TestingServer zookeeper;
    private Path socket;
    private Sluice sluice;
    private ControlProcess control;
    private final List<FakeDirector> directors = new ArrayList<>();
    private final List<FakeProxy> proxies = new ArrayList<>();

    @BeforeEach
    void startCluster() throws Exception {
        zookeeper = new TestingServer(true);
        socket = folder.resolve("c.sock");
        sluice = new Sluice(socket);
        control = ControlProcess.start(config("control-1", socket), false);
        var target =
                new dev.sluice.cluster.zookeeper.ClusterStore.Target(
                        zookeeper.getConnectString(), "lab");
        for (int i = 1; i <= 2; i++) {
            directors.add(new FakeDirector(target, "d" + i, "198.18.1." + i));
        }
        for (int i = 1; i <= 3; i++) {
            proxies.add(new FakeProxy(target, "p" + i, "198.18.2." + i));
        }
        await().atMost(PATIENCE).untilAsserted(this::everybodyKnowsThePool);
    }

    private void everybodyKnowsThePool() {
        assertThat(sluice.run("status").out())
                .containsPattern("d1 +announcing +web 1")
                .containsPattern("d2 +announcing +web 1")
                .containsPattern("p1 +active +unknown +1 ")
                .containsPattern("p2 +active +unknown +1 ")
                .containsPattern("p3 +active +unknown +1 ");
    }

    @AfterEach
    void stopCluster() throws Exception {
        proxies.forEach(FakeProxy::close);
        directors.forEach(FakeDirector::close);
        control.close();
        zookeeper.close();
    }

    private Path file(String id, Path adminSocket) throws IOException {
        return Files.writeString(
                folder.resolve(id + ".yaml"),
                """
                id: %s
                cluster: lab
                zookeeper: %s
                admin: {socket: %s}
                pools:
                  - name: web
                    binds: ["203.0.113.10:80/tcp"]
                    proxies:
                      - {id: p1, address: 198.18.2.1}
                      - {id: p2, address: 198.18.2.2}
                      - {id: p3, address: 198.18.2.3}
                """
                        .formatted(id, zookeeper.getConnectString(), adminSocket));
    }

    private ControlConfig config(String id, Path adminSocket) throws IOException {
        return ControlConfig.load(file(id, adminSocket)).orElseThrow();
    }

    private static Process java(String... args) throws IOException {
        return builder(args).redirectErrorStream(true).start();
    }

    private static ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), TestMain.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    private CuratorFramework raw() {
        CuratorFramework raw =
                CuratorFrameworkFactory.newClient(
                        zookeeper.getConnectString(), new RetryOneTime(100));
        raw.start();
        return raw;
    }

    @Test
    void aDrainFollowsTheConnectionsUntilNoneIsLeft() {
        proxies.getFirst().hold(3);
        Sluice.Running drain = sluice.start("drain", "--wait", "p1", "--deadline", "30m");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(drain.out().toString())
                                .contains("3 connections left")
                                .containsPattern(
                                        "acknowledged by the last director after \\d+ ms"));
        assertThat(drain.out().toString())
                .contains("pool web: p1 drains: epoch 2 prepared (generation 2)")
                .containsPattern("deadline in (30m 0s|29m \\d+s)");
        assertThat(drain.result()).isNotDone();
        assertThat(sluice.run("status").out())
                .contains("settling")
                .containsPattern("p1 +draining")
                .contains("waiting: epoch 1 settles: proxy p1 holds 3 connections")
                .containsPattern("deadline in (30m 0s|29m \\d+s)");
        proxies.getFirst().hold(0);
        Sluice.Result result = drain.result().join();
        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("p1 is drained after");
        assertThat(sluice.run("status").out()).contains("steady").containsPattern("p1 +drained");

        Sluice.Result fill = sluice.run("fill", "p1", "--wait");
        assertThat(fill.exit()).isZero();
        assertThat(fill.out()).contains("acknowledged by the last director");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(sluice.run("status").out()).containsPattern("p1 +active"));
        assertThat(sluice.run("events").out())
                .containsPattern("found +web +3 proxies active")
                .containsPattern("drain +web/p1 +p1 drains")
                .containsPattern("advance +web +epoch 2 committed")
                .containsPattern("fill +web/p1");
    }

    @Test
    void aDrainToldAsJsonNamesItsStages() {
        Sluice.Result drain = sluice.run("drain", "p2", "--wait=drained", "-o", "json");
        assertThat(drain.exit()).isZero();
        List<String> lines = drain.out().lines().toList();
        assertThat(lines.getFirst())
                .startsWith("{\"event\":\"accepted\"")
                .contains("\"pool\":\"web\"")
                .contains("\"generation\":2");
        assertThat(lines).anyMatch(l -> l.startsWith("{\"event\":\"acknowledged\",\"after_ms\":"));
        assertThat(lines.getLast()).startsWith("{\"event\":\"drained\",\"after_ms\":");
    }

    @Test
    void waitingForTheAcknowledgementNeedsEveryDirector() {
        proxies.getFirst().hold(1);
        directors.get(1).hold(true);
        Sluice.Running drain = sluice.start("drain", "p1", "--wait=acknowledged");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("director d2 has acknowledged"));
        // The proxies have installed it, so that is enough after some patience.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(drain.out().toString()).contains("committed"));
        assertThat(drain.result()).isNotDone();
        assertThat(sluice.run("status").out()).contains("d2        announcing  web 1 (lagging");
        directors.get(1).hold(false);
        assertThat(drain.result().join().exit()).isZero();
        assertThat(sluice.run("status").out()).doesNotContain("lagging");
    }

    @Test
    void refusesWithReasonAndWayOut() {
        Sluice.Result unknown = sluice.run("drain", "p11");
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.err().strip())
                .isEqualTo(
                        "refused: no pool has a proxy 'p11'; did you mean 'p1'? (proxies: p1, p2,"
                                + " p3)");
        assertThat(sluice.run("drain", "p1", "--pool", "wob").err())
                .contains("there is no pool 'wob'; did you mean 'web'?");
        assertThat(sluice.run("fill", "p1").err())
                .contains("p1 is already ACTIVE in pool web; nothing to do");
        assertThat(sluice.run("abort").err()).contains("no pool is preparing a change");

        proxies.get(0).hold(1);
        assertThat(sluice.run("drain", "p1", "--wait=acknowledged").exit()).isZero();
        Sluice.Result again = sluice.run("drain", "p1");
        assertThat(again.exit()).isEqualTo(3);
        assertThat(again.err()).contains("p1 is already DRAINING").contains("sluice fill p1");
        proxies.get(0).hold(0);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(sluice.run("status").out().toString()).contains("steady"));
        assertThat(sluice.run("drain", "p2", "--wait").exit()).isZero();
        Sluice.Result last = sluice.run("drain", "p3");
        assertThat(last.exit()).isEqualTo(3);
        assertThat(last.err())
                .contains("p3 is the last proxy of pool web that takes new connections")
                .contains("fill another proxy first");
    }

    @Test
    void anAbortedDrainEndsTheWaitAsAFailure() {
        directors.forEach(d -> d.hold(true));
        proxies.forEach(p -> p.freeze(true));
        Sluice.Running drain = sluice.start("drain", "p1", "--wait");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(drain.out().toString()).contains("preparing"));
        assertThat(sluice.run("abort", "web").out()).contains("web: epoch 2 given up");
        Sluice.Result result = drain.result().join();
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("was given up or replaced");
    }

    @Test
    void appliesAConfigurationAndRefusesABadOneAsAWhole() throws Exception {
        assertThat(sluice.run("config", "show").exit()).isEqualTo(3);
        String good =
                """
                # as the operator wrote it
                listeners:
                  - name: web
                    addresses: ["203.0.113.10:80"]
                """;
        Path file = Files.writeString(folder.resolve("site.yaml"), good);
        Sluice.Result applied = sluice.run("config", "apply", "-f", file.toString());
        assertThat(applied.err()).isEmpty();
        assertThat(applied.out()).contains("revision 1 is active");
        assertThat(sluice.run("config", "apply", "-f", file.toString()).out())
                .contains("revision 1 is active already");
        assertThat(sluice.run("config", "show").out()).isEqualTo(good);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("config revision 1"));

        Path bad =
                Files.writeString(
                        folder.resolve("bad.yaml"), "listenrs: []\nlisteners: 7\nroutes: 8\n");
        Sluice.Result refused = sluice.run("config", "apply", "-f", bad.toString());
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err())
                .contains(bad + ":1:1: listenrs: unknown key")
                .contains("listeners: ")
                .contains("routes: ")
                .contains("refused: " + bad + " has 3 problems")
                .contains("what is active stays active");
        assertThat(sluice.run("config", "show").out()).isEqualTo(good);
        assertThat(sluice.run("config", "show", "--revision", "9").err())
                .contains("there is no revision 9; the active one is 1");
        assertThat(sluice.run("config", "apply", "-f", "/nonexistent").exit()).isEqualTo(1);
    }

    @Test
    void aCorruptPoolLeavesTheLastGoodStateAndIsSaidOnce() throws Exception {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        ((Logger) LoggerFactory.getLogger(Observer.class)).addAppender(logged);
        try (CuratorFramework raw = raw()) {
            byte[] good = raw.getData().forPath("/sluice/lab/pools/web");
            raw.setData().forPath("/sluice/lab/pools/web", "junk".getBytes(StandardCharsets.UTF_8));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(sluice.run("status").out().toString())
                                    .contains("/sluice/lab/pools/web: "));
            assertThat(sluice.run("status").out())
                    .contains("generation 1")
                    .containsPattern("p1 +active");
            Sluice.Result drain = sluice.run("drain", "p1");
            assertThat(drain.exit()).isEqualTo(1);
            assertThat(drain.err()).contains("pool web is corrupt");
            // Seen again after a reconnect, but the same problem.
            zookeeper.restart();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(sluice.run("status").out().toString())
                                    .contains(" connected\n"));
            assertThat(logged.list)
                    .filteredOn(e -> e.getMessage().equals("node.refused"))
                    .hasSize(1);
            raw.blockUntilConnected();
            raw.setData().forPath("/sluice/lab/pools/web", good);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(sluice.run("status").out()).doesNotContain("problems"));
        } finally {
            ((Logger) LoggerFactory.getLogger(Observer.class)).detachAppender(logged);
        }
    }

    @Test
    void withoutZooKeeperItShowsWhatItKnowsAndRefusesToChange() throws Exception {
        zookeeper.stop();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("NOT CONNECTED"));
        assertThat(sluice.run("status").out()).containsPattern("p1 +active");
        Sluice.Result drain = sluice.run("drain", "p1");
        assertThat(drain.exit()).isEqualTo(1);
        assertThat(drain.err()).contains("no connection to ZooKeeper; what serves goes on serving");
    }

    @Test
    void aDirectorIsRemovedOnlyWhenItIsGone() {
        assertThat(sluice.run("directors", "remove", "d1").err())
                .contains("director d1 is running; stop it");
        assertThat(sluice.run("directors", "remove", "d9").exit()).isEqualTo(3);
        directors.getFirst().close();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("d1        no session"));
        assertThat(sluice.run("directors", "remove", "d1").exit()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sluice.run("status").out()).doesNotContain("d1 "));
    }

    @Test
    void aMajorityOfDirectorsMakesAProxyUnhealthy() {
        directors.get(0).vote("p2", false, "connection refused");
        directors.get(1).vote("p2", false, "timeout");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out())
                                .containsPattern("p2 +active +unhealthy")
                                .contains("p2 unreachable from d1: connection refused"));
        directors.get(1).vote("p2", true, "");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("p2     active  healthy"));
    }

    @Test
    void aFileNeverChangesAPoolThatExists() throws Exception {
        String before = sluice.run("status").out();
        assertThat(sluice.run("drain", "p1", "--wait").exit()).isZero();
        Path second = folder.resolve("d.sock");
        try (ControlProcess other = ControlProcess.start(config("control-2", second), false)) {
            assertThat(other).isNotNull();
            Sluice there = new Sluice(second);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(there.run("status").out()).containsPattern("p1 +drained"));
        }
        assertThat(before).containsPattern("p1 +active");
    }

    @Test
    void aSecondControlProcessOnOneSocketIsRefused() throws Exception {
        Process second = java("control", file("control-2", socket).toString());
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("another control process answers on " + socket);
        assertThat(sluice.run("status").exit()).isZero();
    }

    @Test
    void anotherControlProcessTakesOverFromAKilledLeader() throws Exception {
        Path second = folder.resolve("d.sock");
        Process other = java("control", file("control-2", second).toString());
        Sluice there = new Sluice(second);
        try {
            await().atMost(PATIENCE).until(() -> there.run("status").exit() == 0);
            control.close();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(there.run("status").out().toString())
                                    .contains("leader control-2"));
            control = ControlProcess.start(config("control-1", socket), false);
            proxies.getFirst().hold(1);
            Sluice.Running drain = sluice.start("drain", "p1", "--wait");
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(drain.out().toString()).contains("1 connection left"));
            other.destroyForcibly().waitFor();
            proxies.getFirst().hold(0);
            assertThat(drain.result().join().exit()).isZero();
            assertThat(sluice.run("status").out()).contains("leader control-1");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void waitingSurvivesARestartOfTheControlProcess() throws Exception {
        proxies.getFirst().hold(2);
        Sluice.Running drain = sluice.start("drain", "p1", "--wait");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(drain.out().toString()).contains("2 connections left"));
        control.close();
        assertThat(socket).doesNotExist();
        control = ControlProcess.start(config("control-1", socket), false);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sluice.run("status").out().toString())
                                .contains("leader control-1"));
        proxies.getFirst().hold(0);
        assertThat(drain.result().join().exit()).isZero();
    }

    @Test
    void anInterruptedWaitLeavesTheDrainRunningAndSaysSo() throws Exception {
        proxies.getFirst().hold(1);
        Process drain = java("drain", "p1", "--wait", "--control=" + socket);
        String said;
        try (BufferedReader out = drain.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.contains("acknowledged")) {
                line = out.readLine();
            }
            drain.toHandle().destroy();
            said = out.readAllAsString();
        }
        assertThat(said).contains("the drain of p1 goes on").contains("sluice fill p1");
        assertThat(sluice.run("status").out()).containsPattern("p1 +draining");
    }

    @Test
    void theAuditLogNamesTheUserThatTheKernelNames() throws Exception {
        int uid = (Integer) Files.getAttribute(folder, "unix:uid");
        String me = System.getProperty("user.name") + " (" + uid + ")";
        Process drain = java("drain", "p1", "--wait", "--control=" + socket);
        assertThat(drain.waitFor()).isZero();
        assertThat(sluice.run("events").out()).contains("  " + me + "  ").doesNotContain("says");
        ProcessBuilder claiming =
                builder("fill", "p1", "--wait", "--control=" + socket).redirectErrorStream(true);
        claiming.environment().put("SUDO_USER", "mallory");
        assertThat(claiming.start().waitFor()).isZero();
        assertThat(sluice.run("events").out()).contains("  " + me + ", says mallory  ");
    }

    /** TIME, ACTOR and ACTION are the first three cells. */
    private static String action(String line) {
        return List.of(line.split(" {2}", -1)).get(2);
    }

    @Test
    void eventsAreFollowedAsTheyComeAndAcrossARestart() throws Exception {
        Sluice.Running follow = sluice.start("events", "--follow");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(follow.out().toString()).contains("found  web"));
        assertThat(sluice.run("drain", "p1", "--wait").exit()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(follow.out().toString()).contains("epoch 1 settled"));
        control.close();
        control = ControlProcess.start(config("control-1", socket), false);
        await().atMost(PATIENCE).until(() -> sluice.run("fill", "p1").exit() == 0);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(follow.out().toString()).contains("epoch 3 committed"));
        List<String> actions =
                follow.out().toString().lines().map(l -> action(l)).limit(4).toList();
        assertThat(actions).containsExactly("found", "drain", "advance", "advance");
        assertThat(follow.out().toString().lines().filter(l -> l.contains("drain  web/p1")))
                .hasSize(1);
        assertThat(follow.result()).isNotDone();
    }

    @Test
    void statusAsJsonHasEveryFieldOfTheSchema() {
        String json = sluice.run("status", "-o", "json").out();
        assertThat(json)
                .contains("\"cluster\": \"lab\"")
                .contains("\"leader\": \"control-1\"")
                .contains("\"connected\": true")
                .contains("\"phase\": \"steady\"")
                .contains("\"state\": \"active\"")
                .contains("\"acknowledged_generation\": 1")
                .contains("\"lagging\": false")
                .contains("\"problems\": []");
    }
}
