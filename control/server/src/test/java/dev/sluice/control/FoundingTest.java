package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.Decoded;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

class FoundingTest {
    private static PoolConfig pool(String keys) {
        return ControlConfig.parse(
                        "c.yaml",
                        """
                        id: c
                        cluster: lab
                        zookeeper: h:1
                        pools:
                          - name: web
                            binds: ["203.0.113.10:80/tcp"]
                            proxies: [{id: p1, address: 198.18.3.2, weight: 2}]
                        """
                                + keys)
                .orElseThrow()
                .pools()
                .getFirst();
    }

    private static PoolState found(String keys) {
        Queue<SipHash.Key> random =
                new ArrayDeque<>(List.of(new SipHash.Key(1, 1), new SipHash.Key(2, 2)));
        return Founding.found(pool(keys), random::remove, 1234);
    }

    @Test
    void startsWithOneLiveEpochOfAllProxies() {
        PoolState state = found("");
        assertThat(state.generation()).isEqualTo(1);
        assertThat(state.proxies()).extracting(Proxy::state).containsOnly(Proxy.State.ACTIVE);
        assertThat(state.live()).hasSize(1);
        assertThat(state.newest().commitGeneration()).isEqualTo(1);
        assertThat(state.newest().members()).containsExactly(new Epoch.Member("p1", 2));
        assertThat(state.pending()).isEmpty();
        assertThat(state.nextEpochId()).isGreaterThan(state.newest().id());
    }

    @Test
    void isWhatTheStoreAccepts() {
        PoolState state = found("");
        assertThat(Codecs.POOL_STATE.decode("web", Codecs.POOL_STATE.encode(state)))
                .isEqualTo(new Decoded.Good<>(state));
    }

    @Test
    void drawsOnlyTheKeysThatTheFileDoesNotGive() {
        assertThat(found("").spec().hashKey()).isEqualTo(new SipHash.Key(1, 1));
        assertThat(found("").spec().seed()).isEqualTo(new SipHash.Key(2, 2));
        PoolState given = found("    seed: 00000000000000000000000000000000\n");
        assertThat(given.spec().hashKey()).isEqualTo(new SipHash.Key(1, 1));
        assertThat(given.spec().seed()).isEqualTo(new SipHash.Key(0, 0));
    }
}
