package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What operators see who drain and wait. */
class DrainWaitIT extends SmallCluster {
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
}
