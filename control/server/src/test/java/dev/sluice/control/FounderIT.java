package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.WriteGate;
import dev.sluice.testing.Ports;

import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Control processes whose files tell of different pools, at the same moment. */
class FounderIT {
    private final List<ClusterStore> open = new ArrayList<>();
    private TestingServer zookeeper;

    @BeforeEach
    void startServer() throws Exception {
        zookeeper = new TestingServer(Ports.free(), true);
    }

    @AfterEach
    void stopServer() throws Exception {
        open.forEach(ClusterStore::close);
        zookeeper.close();
    }

    private ClusterStore store(WriteGate gate) {
        ClusterStore store =
                ClusterStore.of(
                        new ClusterStore.Target(zookeeper.getConnectString(), "founders"), gate);
        open.add(store);
        return store.start();
    }

    private static Founder founder(String actor, ClusterStore store) {
        return new Founder(actor, store.pools(), store.events(), InstantSource.system());
    }

    private static PoolConfig pool(String name, int port) {
        return ControlConfig.parse(
                        "c.yaml",
                        """
                        id: c
                        cluster: founders
                        zookeeper: h:1
                        pools:
                          - name: %s
                            binds: ["203.0.113.10:%d/tcp"]
                            proxies: [{id: p1, address: 198.18.3.2}]
                        """
                                .formatted(name, port))
                .orElseThrow()
                .pools()
                .getFirst();
    }

    /** Another one founds a pool between this one's look and its write. */
    private ClusterStore foundMeanwhile(PoolConfig pool, PoolConfig meanwhile) {
        ClusterStore other = store(WriteGate.OPEN);
        ClusterStore late =
                store(what -> {
                    if (what.endsWith("/pools/" + pool.name())) {
                        assertThat(founder("other", other).found(meanwhile)).isTrue();
                    }
                });
        assertThat(founder("late", late).found(pool)).isTrue();
        return late;
    }

    @Test
    void ofTwoThatFoundPoolsWithTheSameBindAtOnceOneIsRefused() throws Exception {
        ClusterStore store = foundMeanwhile(pool("web", 80), pool("api", 80));
        assertThat(store.pools().names()).containsExactly("api");
        assertThat(store.events().newest(9))
                .extracting(logged -> logged.event().effect())
                .containsExactly(
                        "1 proxies active",
                        "refused: the file has 203.0.113.10:80/tcp, which belongs to pool api; "
                                + BindConflict.HINT);
    }

    @Test
    void ofTwoThatFoundDifferentPoolsAtOnceBothDo() throws Exception {
        assertThat(foundMeanwhile(pool("web", 80), pool("api", 81)).pools().names())
                .containsExactly("api", "web");
    }

    @Test
    void ofTwoThatFoundTheSamePoolAtOnceOneDoes() throws Exception {
        ClusterStore store = foundMeanwhile(pool("web", 80), pool("web", 80));
        assertThat(store.pools().names()).containsExactly("web");
        assertThat(store.events().newest(9)).hasSize(1);
    }
}
