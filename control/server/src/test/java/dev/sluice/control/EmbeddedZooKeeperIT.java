package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.zookeeper.ClusterStore;

import org.apache.curator.test.InstanceSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class EmbeddedZooKeeperIT {
    @TempDir Path data;

    private final HostPort listen = HostPort.parse("127.0.0.1:" + InstanceSpec.getRandomPort());

    private ClusterStore store() {
        return ClusterStore.of(new ClusterStore.Target(listen.toString(), "lab")).start();
    }

    @Test
    void keepsItsDataAcrossARestart() throws Exception {
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(listen, data);
                ClusterStore store = store()) {
            assertThat(server.port()).isEqualTo(listen.port());
            store.config().draft("source").keep("a.yaml", "ann", 1);
        }
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(listen, data);
                ClusterStore store = store()) {
            assertThat(server.port()).isEqualTo(listen.port());
            assertThat(store.config().revision(1).toString()).contains("source");
        }
    }

    @Test
    void answersNoFourLetterCommand() throws Exception {
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(listen, data);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).doesNotContain("imok").contains("not in the whitelist");
        }
    }
}
