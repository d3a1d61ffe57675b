package dev.sluice.lab;

import dev.sluice.lab.fabric.Fabric;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The lab's ZooKeeper servers. Stateless. */
public final class Ensemble {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Fabric fabric;
    private final Topology topology;

    Ensemble(Fabric fabric, Topology topology) {
        this.fabric = fabric;
        this.topology = topology;
    }

    /** Empty while none is elected, and for a server that is alone. */
    public Optional<Node> leader() {
        return topology.ensemble().stream().filter(node -> mode(node).equals("leader")).findFirst();
    }

    /** What the server says it is: leader, follower or standalone; empty if it does not say. */
    public String mode(Node node) {
        try {
            return fabric.namespace(node)
                    .call(() -> srvr(node))
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static String srvr(Node node) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(
                    new InetSocketAddress(node.address(), Topology.ZOOKEEPER_PORT),
                    (int) PATIENCE.toMillis());
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
