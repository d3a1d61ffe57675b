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
import java.nio.file.Path;

/** Nodes that cannot be read, and a store that cannot be asked. */
class BadContentIT extends SmallCluster {
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
