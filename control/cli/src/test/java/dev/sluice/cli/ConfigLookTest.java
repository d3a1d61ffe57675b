package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.ConfigStatus;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.ZooKeeperStatus;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;

/** Revision 4, the seventh that was made active. */
class ConfigLookTest {
    private final StringWriter err = new StringWriter();
    private long now;
    private final ConfigLook look =
            new ConfigLook(
                    new ConfigLook.Goal(4, 7, List.of("p1")),
                    Duration.ofSeconds(60),
                    () -> now,
                    new PrintWriter(err));

    private static ClusterStatus status(long active, long activation, long served) {
        return ClusterStatus.newBuilder()
                .setControl("control-1")
                .setZookeeper(ZooKeeperStatus.newBuilder().setCurrent(true))
                .setConfig(
                        ConfigStatus.newBuilder()
                                .setActiveRevision(active)
                                .setActivation(activation))
                .addPools(
                        PoolStatus.newBuilder()
                                .addProxies(
                                        ProxyStatus.newBuilder()
                                                .setId("p1")
                                                .setPresent(true)
                                                .setConfigRevision(served)))
                .build();
    }

    @Test
    void itEndsWhenEveryProxyServesIt() throws Failure {
        assertThat(look.isReached(status(4, 7, 3))).isFalse();
        assertThat(look.isReached(status(4, 7, 4))).isTrue();
        assertThat(err.toString()).contains("p1 serves 3").contains("served by p1 after");
    }

    @Test
    void aViewOfBeforeSaysNothing() throws Failure {
        // A rollback to 4, which had been active before 9 was.
        assertThat(look.isReached(status(9, 6, 4))).isFalse();
        assertThat(look.isReached(status(4, 5, 4))).isFalse();
        assertThat(err.toString()).isEqualTo("control-1 has no current view\n");
        assertThat(look.goesOn()).isEqualTo("revision 4 stays active; see 'sluice status'");
    }

    @Test
    void whatWasOvertakenBeforeTheFirstLookSaysByWhich() {
        assertThatThrownBy(() -> look.isReached(status(2, 8, 4)))
                .hasMessage("revision 4 was overtaken by revision 2");
        assertThat(look.goesOn()).isEqualTo("revision 2 stays active; see 'sluice status'");
    }

    @Test
    void whoeverMadeItActiveOnceMoreDidNotOvertakeIt() throws Failure {
        assertThat(look.isReached(status(4, 9, 4))).isTrue();
    }

    @Test
    void theWaitHasAnEnd() throws Failure {
        now = Duration.ofSeconds(60).toNanos();
        assertThat(look.isReached(status(4, 7, 3))).isFalse();
        now++;
        assertThatThrownBy(() -> look.isReached(status(4, 7, 3)))
                .hasMessage(
                        "revision 4 is not served by all after 1m 0s (served by nobody; p1 serves"
                                + " 3)");
        assertThatThrownBy(() -> look.isReached(status(9, 6, 3)))
                .hasMessageContaining("(control-1 has no current view)");
    }
}
