package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.fabric.HostNamespace;
import dev.sluice.lab.process.Command;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an operator sees of pools that cannot be had, and of hops that cannot be reached. */
@Tag("cluster")
class BadInputIT {
    private static final int REFUSED = 3;
    private static final int USAGE = 2;
    private static final int FLOWS = 64;

    private static TestCluster cluster;
    private static Lab lab;

    @BeforeAll
    static void start() throws IOException, LabException {
        cluster = TestCluster.start(TestCluster.spec("badinput"));
        lab = cluster.lab();
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aControllersFileIsRefusedWithAllThatIsWrongWithItsPools() throws Exception {
        Path file = Files.createTempFile("sluice-control", ".yaml");
        Files.writeString(
                file,
                """
                id: control-9
                cluster: lab
                zookeeper: 127.0.0.1:2181
                pools:
                  - name: one
                    binds: ["203.0.113.20:80/tcp"]
                    proxies: [{id: p1, address: 198.18.3.2, weight: 0}]
                  - name: two
                    binds: ["203.0.113.20:80/tcp"]
                    proxies: [{id: p1, address: 198.18.3.2}]
                  - name: three
                    binds: ["203.0.113.20/40:80/tcp"]
                    proxies: [{id: p1, address: 198.18.3.2, state: drained}]
                """);
        Node control = lab.topology().nodes(Role.CONTROL).getFirst();
        assertThatThrownBy(() ->
                        lab.run(control, List.of("control", "run", "--config", file.toString())))
                .hasMessageContaining("ended with " + USAGE)
                .hasMessageContaining("pools[0].proxies[0].weight: '0'")
                .hasMessageContaining("has 203.0.113.20:80/tcp, which belongs to pool one")
                .hasMessageContaining("give each pool its own addresses or ports")
                .hasMessageContaining("pools[2].binds[0]: '203.0.113.20/40:80/tcp'")
                .hasMessageContaining("pools[2].proxies: has none that is active");
        Files.delete(file);
    }

    @Test
    void changesThatLeaveNobodyAreRefusedWithAWayOut() {
        OperatorCommand zero = OperatorCommand.run(lab, "weight", "proxy-1=0");
        assertThat(zero.exitCode()).as(zero.output()).isEqualTo(USAGE);
        assertThat(zero.output())
                .contains("weight '0'; allowed: 1 to 65535; to take all from a proxy, drain it");

        OperatorCommand all = OperatorCommand.run(lab, "drain", "proxy-1", "proxy-2", "proxy-3");
        assertThat(all.exitCode()).as(all.output()).isEqualTo(REFUSED);
        assertThat(all.output())
                .contains("is the last proxy of pool web that takes new connections")
                .contains("fill another proxy first");
        assertThat(cluster.view().settled()).isTrue();
    }

    /**
     * A director that sends by its host's routes, all of which lead to an address that nobody
     * answers for: no proxy is healthy from there, and none is passed over.
     */
    @Test
    void packetsToHopsWithoutAMacAreCountedWhereOperatorsLook() throws Exception {
        Node director = lab.node("director-2");
        sendByRoutes(director);
        cluster.awaitSteady();

        divert(director, "replace", " via " + director.address().replaceAll("\\d+$", "99"));
        cluster.await(
                "drops without a neighbour to be shown",
                () -> {
                    knock();
                    return OperatorCommand.run(lab, "directors", "-o", "wide")
                            .output()
                            .matches("(?s).*director-2\\n.*web +drop_no_neighbour +[1-9].*");
                });

        divert(director, "delete", "");
        cluster.awaitSteady();
    }

    private static void sendByRoutes(Node director) throws IOException, LabException {
        new HostNamespace(lab.directory().namespace(director))
                .run(() ->
                        Files.writeString(
                                Path.of("/proc/sys/net/ipv4/conf", Fabric.DEVICE, "forwarding"),
                                "1\n"));
        Path config = lab.directory().config(director);
        String before = Files.readString(config);
        String after = before.replace("transmit: gateway", "transmit: fib");
        assertThat(after).isNotEqualTo(before);
        Files.writeString(config, after);
        lab.killProcess(director);
        lab.start(director);
    }

    /** Changes a director's route to each proxy. */
    private static void divert(Node director, String verb, String how) throws IOException {
        for (Node proxy : lab.topology().nodes(Role.PROXY)) {
            String namespace = lab.directory().namespace(director);
            String line = "ip -n " + namespace + " route " + verb + " " + proxy.address() + how;
            Command.require(line.split(" ", -1));
        }
    }

    /** Begins connections, and forgets them: some reach each director. */
    private static void knock() throws IOException {
        HostNamespace clients =
                new HostNamespace(lab.directory().namespace(lab.topology().client()));
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            SocketChannel channel = clients.openTcp();
            channels.add(channel);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(Topology.VIP, Topology.HTTP_PORT));
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
