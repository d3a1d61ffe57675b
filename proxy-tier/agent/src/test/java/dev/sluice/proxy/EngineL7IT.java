package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.datapath.Counts;
import dev.sluice.testing.Dashboards;
import dev.sluice.testing.Ports;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;

class EngineL7IT {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void answersProbesOnlyOnceAConfigurationIsServed() throws Exception {
        int health = Ports.free();
        try (EngineL7 l7 = EngineL7.start(config(health))) {
            assertThatThrownBy(() -> new Socket(LOOPBACK, health))
                    .isInstanceOf(ConnectException.class);

            assertThat(l7.apply("l7.yaml", listeningOn(Ports.free()))).isEmpty();
            try (Socket probe = new Socket(LOOPBACK, health)) {
                assertThat(probe.isConnected()).isTrue();
            }
        }
    }

    @Test
    void refusesToStartOnATakenHealthPort() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
            assertThatThrownBy(() -> EngineL7.start(config(other.getLocalPort())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("health port 127.0.0.1:" + other.getLocalPort());
        }
    }

    @Test
    void opensAHealthPortThatWasTakenMeanwhileOnceItIsFree() throws Exception {
        int health = Ports.free();
        try (EngineL7 l7 = EngineL7.start(config(health))) {
            try (ServerSocket other = new ServerSocket(health, 1, LOOPBACK)) {
                assertThat(other.isBound()).isTrue();
                assertThat(l7.apply("l7.yaml", listeningOn(Ports.free()))).isEmpty();
                assertThat(l7.problems())
                        .singleElement(STRING)
                        .contains("cannot listen on 127.0.0.1:" + health);
            }
            await().until(() -> l7.problems().isEmpty());
            try (Socket probe = new Socket(LOOPBACK, health)) {
                assertThat(probe.isConnected()).isTrue();
            }
        }
    }

    @Test
    void dashboardsAndAlarmsGoByWhatIsExported() throws Exception {
        try (EngineL7 l7 = EngineL7.start(config(Ports.free()))) {
            Counts<RedirectCounter> none =
                    new Counts<RedirectCounter>(Map.of(), Map.of(), Map.of(), Map.of());
            String metrics =
                    ProxyMetrics.of(ProxyHostState.initial("p0", "i1"), l7, none).toString();
            assertThat(Dashboards.missing("proxy", metrics)).isEmpty();
        }
    }

    private static L7Config listeningOn(int port) {
        return L7Config.parse(
                        "l7.yaml",
                        """
                        listeners:
                          - name: web
                            addresses: ["127.0.0.1:%d"]
                        """
                                .formatted(port))
                .orElseThrow();
    }

    private static ProxyConfig config(int healthPort) {
        return new ProxyConfig(
                new NodeConfig(
                        "p0",
                        new ClusterStore.Target("127.0.0.1:1", "test"),
                        Address.parse("127.0.0.1"),
                        new NodeConfig.Datapath(
                                "lo", Path.of("unused"), NodeConfig.Transmit.GATEWAY),
                        Path.of("unused")),
                healthPort);
    }
}
