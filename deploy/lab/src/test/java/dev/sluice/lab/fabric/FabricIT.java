package dev.sluice.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.lab.Capabilities;
import dev.sluice.lab.LabCleanup;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.process.Command;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.Load;
import dev.sluice.lab.upstream.UpstreamServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The network alone: an upstream server stands on the VIP, and the router goes straight to it. */
class FabricIT {
    private static final LabDirectory DIRECTORY =
            new LabDirectory(Capabilities.labName("fabricit"));
    private static final Topology TOPOLOGY = Topology.of(2, 2, 1);
    private static final Fabric FABRIC = new Fabric(DIRECTORY, TOPOLOGY);

    @BeforeAll
    static void build() throws IOException, LabException {
        Capabilities.requireLab();
        clean();
        FABRIC.build();
    }

    @AfterAll
    static void destroy() throws IOException, LabException {
        clean();
        assertThat(Fabric.namespaces(DIRECTORY)).isEmpty();
    }

    private static void clean() throws IOException, LabException {
        new LabCleanup(DIRECTORY, new Progress(System.out)).run();
    }

    @Test
    void clientsReachAProxyOnTheVip() throws Exception {
        Node proxy = TOPOLOGY.nodes(Role.PROXY).getFirst();
        onRouter("ip", "route", "replace", Topology.VIP + "/32", "via", proxy.address());
        InetSocketAddress vip = new InetSocketAddress(Topology.VIP, Topology.HTTP_PORT);
        ClientHost client = new ClientHost(FABRIC.namespace(TOPOLOGY.client())::openTcp);
        try (UpstreamServer server =
                FABRIC.namespace(proxy).call(() -> UpstreamServer.start("server", vip))) {
            assertThat(server.address().getPort()).isEqualTo(Topology.HTTP_PORT);
            Load load = Load.start(client, 8, Duration.ofMillis(1));
            Download download = Download.start(client, 10_000_000, 7, 0);
            assertThat(download.outcome().get(60, TimeUnit.SECONDS).message())
                    .isEqualTo("SHA-256 right");
            await().until(() -> load.tally().visits().size() > 200);
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        }
    }

    @Test
    void aLostHostLeavesTheRouterByItself() throws Exception {
        AnnounceHook.write(DIRECTORY, TOPOLOGY);
        for (Node director : TOPOLOGY.nodes(Role.DIRECTOR)) {
            announce("up", director);
        }
        assertThat(routes()).contains("dev director-1").contains("dev director-2");

        Node lost = TOPOLOGY.nodes(Role.DIRECTOR).getFirst();
        FABRIC.linkDown(lost);
        // The kernel tells the other end of a pair by its link watch, after a moment.
        await().untilAsserted(() ->
                assertThat(routes()).doesNotContain("director-1").contains("dev director-2"));

        FABRIC.linkUp(lost);
        announce("up", lost);
        assertThat(routes()).contains("dev director-1").contains("dev director-2");

        announce("down", lost);
        assertThat(routes()).doesNotContain("director-1").contains("dev director-2");
        announce("down", TOPOLOGY.nodes(Role.DIRECTOR).getLast());
        assertThat(routes()).contains("unreachable");
    }

    private static void announce(String upOrDown, Node director) throws IOException {
        Command.require(AnnounceHook.command(DIRECTORY, upOrDown, director).toArray(String[]::new));
    }

    private static String routes() throws IOException {
        return onRouter("ip", "route", "show", "to", "match", Topology.VIP);
    }

    private static String onRouter(String... command) throws IOException {
        String[] line = new String[command.length + 2];
        line[0] = "nsenter";
        line[1] = "--net=" + DIRECTORY.namespaceFile(TOPOLOGY.router());
        System.arraycopy(command, 0, line, 2, command.length);
        return Command.require(line);
    }
}
