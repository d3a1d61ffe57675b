package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Operators against a control process over its Unix socket. */
class ControlIT extends SmallCluster {
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
    void aPoolIsNotFoundedWithAnothersBind() throws Exception {
        Path second =
                Files.writeString(
                        folder.resolve("second.yaml"),
                        """
                        id: control-2
                        cluster: lab
                        zookeeper: %s
                        admin: {socket: %s}
                        pools:
                          - name: other
                            binds: ["203.0.113.10:80/tcp"]
                            proxies: [{id: p9, address: 198.18.2.9}]
                          - name: free
                            binds: ["203.0.113.10:81/tcp"]
                            proxies: [{id: p9, address: 198.18.2.9}]
                        """
                                .formatted(zookeeper.getConnectString(), folder.resolve("2.sock")));
        try (ControlProcess other =
                ControlProcess.start(ControlConfig.load(second).orElseThrow(), false)) {
            assertThat(other).isNotNull();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(sluice.run("events").out()).contains("1 proxies active"));
            assertThat(sluice.run("events").out())
                    .contains(
                            "refused: the file has 203.0.113.10:80/tcp, which belongs to pool web");
            assertThat(sluice.run("status").out()).contains("free").doesNotContain("other");
        }
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
