package dev.sluice.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.Source;
import dev.sluice.testing.Ports;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** Configurations that are longer than a node of ZooKeeper, whose limit is its own default. */
class SourcesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Three parts, and letters of several bytes, some of them across a border. */
    private static final String LONG = "# über\n".repeat(160_000);

    private static TestingServer server;
    private static CuratorFramework raw;
    private static int clusters;

    private final List<ClusterStore> open = new ArrayList<>();
    private String cluster = "";

    @BeforeAll
    static void startServer() throws Exception {
        server = new TestingServer(Ports.free(), true);
        raw =
                CuratorFrameworkFactory.newClient(
                        server.getConnectString(), 10_000, 3000, new RetryOneTime(100));
        raw.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        raw.close();
        server.close();
    }

    @BeforeEach
    void nameCluster() {
        cluster = "c" + clusters++;
    }

    @AfterEach
    void closeStores() {
        open.forEach(ClusterStore::close);
    }

    private ClusterStore store(WriteGate gate) {
        ClusterStore store =
                ClusterStore.of(new ClusterStore.Target(server.getConnectString(), cluster), gate);
        open.add(store);
        return store;
    }

    private ConfigStore config() {
        return store(WriteGate.OPEN).start().config();
    }

    private List<String> ids() throws Exception {
        String folder = "/sluice/" + cluster + "/config/sources";
        return raw.checkExists().forPath(folder) == null
                ? List.of()
                : raw.getChildren().forPath(folder);
    }

    private static String text(Seen<ConfigRevision> seen) {
        return seen instanceof Seen.Value<ConfigRevision> read ? read.value().source() : "";
    }

    @Test
    void aLongTextIsReadAsItWasWritten() throws Exception {
        ClusterStore store = store(WriteGate.OPEN);
        List<Seen<ConfigRevision>> seen = new CopyOnWriteArrayList<>();
        store.config().watchActive(seen::add);
        store.start();
        String longest = "x".repeat(Source.MAX_BYTES);
        for (String text : List.of("short", LONG, longest)) {
            try (Draft draft = store.config().draft(text)) {
                assertThat(store.config().text(draft.source()))
                        .isInstanceOfSatisfying(
                                Seen.Value.class, read -> assertThat(read.value()).isEqualTo(text));
                draft.keep("a.yaml", "ann", 1);
            }
        }
        assertThat(store.config().createRollout(ConfigRollout.of(3))).isTrue();
        await().atMost(PATIENCE).until(() -> seen.stream().anyMatch(s -> text(s).equals(longest)));
        assertThat(store.config().compareAndSetRollout(ConfigRollout.of(2), 0)).isTrue();
        await().atMost(PATIENCE).until(() -> text(seen.getLast()).equals(LONG));
        assertThat(text(store.config().revision(2))).isEqualTo(LONG);
        assertThat(ids()).hasSize(2);
    }

    @Test
    void aDraftThatBecameNoRevisionLeavesNothing() throws Exception {
        try (Draft draft = config().draft(LONG)) {
            assertThat(draft.source()).isInstanceOf(Source.Parts.class);
            assertThat(ids()).hasSize(1);
        }
        assertThat(ids()).isEmpty();
    }

    @Test
    void aTextThatIsNotWhatWasWrittenIsCorrupt() throws Exception {
        ConfigStore config = config();
        try (Draft draft = config.draft(LONG)) {
            draft.keep("a.yaml", "ann", 1);
        }
        raw.setData()
                .forPath(
                        "/sluice/" + cluster + "/config/sources/" + ids().getFirst() + "/1",
                        new byte[Source.PART_BYTES]);
        assertThat(config.revision(1))
                .isInstanceOfSatisfying(
                        Seen.Corrupt.class,
                        bad ->
                                assertThat(bad.problem().toString())
                                        .contains("/config/sources/")
                                        .contains("not what was written"));
    }

    @Test
    void whoeverDiesBeforeAnyWriteLeavesNoRevisionAndNoGarbage() throws Exception {
        List<String> writes = new ArrayList<>();
        apply(writes::add);
        assertThat(writes)
                .filteredOn(what -> what.matches("create .*/sources/.*/[0-2]"))
                .hasSize(3);
        for (int cut = 1; cut <= writes.size(); cut++) {
            nameCluster();
            dieBefore(cut);
            ConfigStore survivor = config();
            assertThat(survivor.numbers()).as("before write %s", cut).isEmpty();
            apply(WriteGate.OPEN);
            assertThat(ids()).as("before write %s", cut).hasSize(1);
            assertThat(text(survivor.revision(1))).isEqualTo(LONG);
        }
    }

    /** Up to the pointer, and what comes behind it. */
    private void apply(WriteGate gate) throws StoreException {
        ConfigStore config = store(gate).start().config();
        try (Draft draft = config.draft(LONG)) {
            long number = draft.keep("a.yaml", "ann", 1).number();
            assertThat(config().createRollout(ConfigRollout.of(number))).isTrue();
            config.prune();
        }
    }

    private void dieBefore(int cut) {
        List<String> writes = new ArrayList<>();
        ClusterStore store =
                store(what -> {
                    writes.add(what);
                    if (writes.size() >= cut) {
                        throw new IllegalStateException("dead");
                    }
                });
        store.start();
        assertThatThrownBy(
                        () -> {
                            try (Draft draft = store.config().draft(LONG)) {
                                draft.keep("a.yaml", "ann", 1);
                            }
                        })
                .isInstanceOf(StoreException.class);
        store.close();
    }

    @Test
    void nobodySweepsWhatIsBeingWritten() throws Exception {
        ConfigStore writer = config();
        ConfigStore sweeper = config();
        try (Draft draft = writer.draft(LONG)) {
            sweeper.createRollout(ConfigRollout.of(1));
            sweeper.prune();
            assertThat(draft.keep("a.yaml", "ann", 1).number()).isEqualTo(1);
        }
        sweeper.prune();
        assertThat(text(sweeper.revision(1))).isEqualTo(LONG);
    }

    @Test
    void aTextWhoseSessionEndedBecomesNoRevision() throws Exception {
        ClusterStore store = store(WriteGate.OPEN).start();
        Draft draft = store.config().draft(LONG);
        raw.delete()
                .forPath("/sluice/" + cluster + "/config/sources/" + ids().getFirst() + "/writing");
        assertThatThrownBy(() -> draft.keep("a.yaml", "ann", 1))
                .hasMessageContaining("ended the session")
                .hasMessageContaining("apply it again");
        store.config().createRollout(ConfigRollout.of(1));
        config().prune();
        assertThat(ids()).isEmpty();
        assertThat(store.config().numbers()).isEmpty();
    }

    @Test
    void oldLongRevisionsGoOnceAllTogetherAreTooLong() throws Exception {
        ConfigStore config = config();
        String quarter = "x".repeat((int) (ConfigStore.KEPT_BYTES / 4));
        for (int i = 1; i <= 7; i++) {
            try (Draft draft = config.draft(quarter)) {
                draft.keep("a.yaml", "ann", i);
            }
        }
        config.createRollout(ConfigRollout.of(2).activate(1));
        config.prune();
        // The newest four, and the two that are in use.
        assertThat(config.numbers().sorted()).containsExactly(1L, 2L, 4L, 5L, 6L, 7L);
        assertThat(ids()).hasSize(6);
    }

    /** Revisions 1 to 102, of which 102 is active: 1 and 2 are too many. */
    private ConfigStore fullHistory() throws StoreException {
        ConfigStore config = config();
        for (int i = 1; i <= ConfigStore.KEPT_REVISIONS + 2; i++) {
            try (Draft draft = config.draft(i == 1 ? LONG : "short")) {
                draft.keep("a.yaml", "ann", i);
            }
        }
        assertThat(config.createRollout(ConfigRollout.of(102))).isTrue();
        return config;
    }

    private static boolean rollBack(ConfigStore config, long revision) throws StoreException {
        AuditEvent event = new AuditEvent(1, "ann", "config-rollback", "a.yaml", "", 0);
        return config.compareAndSetRollout(ConfigRollout.of(102).activate(revision), 0, event);
    }

    /** What happens between a decision and its write. */
    private ConfigStore config(String before, Callable<Boolean> meanwhile) {
        return store(
                        what -> {
                            if (what.endsWith(before)) {
                                assertThat(meanwhile.call()).isTrue();
                            }
                        })
                .start()
                .config();
    }

    @Test
    void nobodyPrunesARevisionThatSomebodyElseHasGoneBackTo() throws Exception {
        ConfigStore other = fullHistory();
        config("/revisions/1", () -> rollBack(other, 1)).prune();
        assertThat(text(other.revision(1))).isEqualTo(LONG);
        other.prune();
        assertThat(other.numbers().sorted().limit(2)).containsExactly(1L, 3L);
        assertThat(text(other.revision(1))).isEqualTo(LONG);
    }

    @Test
    void nobodyGoesBackToARevisionThatSomebodyElseHasPruned() throws Exception {
        ConfigStore other = fullHistory();
        ConfigStore late =
                config(
                        "/rollout",
                        () -> {
                            other.prune();
                            return true;
                        });
        assertThat(rollBack(late, 1)).isFalse();
        assertThat(other.numbers().min()).hasValue(3);
        assertThat(other.rollout())
                .isInstanceOfSatisfying(
                        Seen.Value.class,
                        seen -> assertThat(seen.value()).isEqualTo(ConfigRollout.of(102)));
    }
}
