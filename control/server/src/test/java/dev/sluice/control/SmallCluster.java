package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.Ports;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A control process and its Unix socket, with ZooKeeper, fake directors and proxies. */
abstract class SmallCluster {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir Path folder;
    TestingServer zookeeper;
    Path socket;
    final int metricsPort = Ports.free();
    Sluice sluice;
    ControlProcess control;
    final List<FakeDirector> directors = new ArrayList<>();
    final List<FakeProxy> proxies = new ArrayList<>();

    @BeforeEach
    void startCluster() throws Exception {
        zookeeper = new TestingServer(Ports.free(), true);
        socket = folder.resolve("c.sock");
        sluice = new Sluice(socket);
        control = ControlProcess.start(config("control-1", socket), false);
        var target =
                new dev.sluice.cluster.zookeeper.ClusterStore.Target(
                        zookeeper.getConnectString(), "lab");
        for (int i = 1; i <= 2; i++) {
            directors.add(new FakeDirector(target, "d" + i, "198.18.1." + i));
        }
        for (int i = 1; i <= 3; i++) {
            proxies.add(new FakeProxy(target, "p" + i, "198.18.2." + i));
        }
        await().atMost(PATIENCE).untilAsserted(this::everybodyKnowsThePool);
    }

    void everybodyKnowsThePool() {
        assertThat(sluice.run("status").out())
                .containsPattern("d1 +announcing +web 1")
                .containsPattern("d2 +announcing +web 1")
                .containsPattern("p1 +active +unknown +1 ")
                .containsPattern("p2 +active +unknown +1 ")
                .containsPattern("p3 +active +unknown +1 ");
    }

    @AfterEach
    void stopCluster() throws Exception {
        proxies.forEach(FakeProxy::close);
        directors.forEach(FakeDirector::close);
        control.close();
        zookeeper.close();
    }

    Path file(String id, Path adminSocket) throws IOException {
        return Files.writeString(
                folder.resolve(id + ".yaml"),
                """
                id: %s
                cluster: lab
                zookeeper: %s
                admin: {socket: %s}
                metrics: {listen: "127.0.0.1:%d"}
                pools:
                  - name: web
                    binds: ["203.0.113.10:80/tcp"]
                    proxies:
                      - {id: p1, address: 198.18.2.1}
                      - {id: p2, address: 198.18.2.2}
                      - {id: p3, address: 198.18.2.3}
                """
                        .formatted(id, zookeeper.getConnectString(), adminSocket, metricsPort));
    }

    ControlConfig config(String id, Path adminSocket) throws IOException {
        return ControlConfig.load(file(id, adminSocket)).orElseThrow();
    }

    static Process java(String... args) throws IOException {
        return builder(args).redirectErrorStream(true).start();
    }

    static ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), TestMain.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    CuratorFramework raw() {
        CuratorFramework raw =
                CuratorFrameworkFactory.newClient(
                        zookeeper.getConnectString(), new RetryOneTime(100));
        raw.start();
        return raw;
    }
}
