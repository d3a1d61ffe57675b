package dev.sluice.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** A server grants sessions of 20 of its ticks at most. */
class SessionIT {
    private static final int TICK_MS = 150;

    @Test
    void aShorterSessionThanAskedForIsAProblem() throws Exception {
        try (TestingServer server = ticking();
                ClusterStore asksMore = store(server, Duration.ofSeconds(4));
                ClusterStore asksWhatThereIs = store(server, Duration.ofSeconds(3))) {
            assertThat(asksMore.sessionProblem())
                    .hasValueSatisfying(problem ->
                            assertThat(problem)
                                    .contains(
                                            "a session of 3000 ms where 4000 ms were"
                                                    + " asked for"));
            assertThat(asksWhatThereIs.sessionProblem()).isEmpty();
        }
    }

    private static TestingServer ticking() throws Exception {
        return new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MS, -1), true);
    }

    private static ClusterStore store(TestingServer server, Duration session) throws Exception {
        ClusterStore store =
                ClusterStore.of(new ClusterStore.Target(server.getConnectString(), "lab", session));
        store.start();
        await().until(() -> store.awaitConnected(Duration.ofSeconds(60)));
        return store;
    }
}
