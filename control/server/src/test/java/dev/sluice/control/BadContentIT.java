package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Configurations and nodes that cannot be used, and a store that cannot be asked. */
class BadContentIT extends SmallCluster {
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
}
