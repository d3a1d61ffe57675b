package dev.sluice.lab;

import dev.sluice.lab.fabric.HostNamespace;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** A cluster's ZooKeeper servers. Stateless. */
public final class Ensemble {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Topology topology;
    private final Function<Node, HostNamespace> namespaces;

    /**
     * @param namespaces from where the servers can be reached
     */
    public Ensemble(Topology topology, Function<Node, HostNamespace> namespaces) {
        this.topology = topology;
        this.namespaces = namespaces;
    }

    /** Empty while none is elected, and for a server that is alone. */
    public Optional<Node> leader() {
        return topology.ensemble().stream().filter(node -> mode(node).equals("leader")).findFirst();
    }

    /** What the server says it is: leader, follower or standalone; empty if it does not say. */
    public String mode(Node node) {
        return said(node, "Mode: ").orElse("");
    }

    /** How many nodes ZooKeeper keeps; empty if no server says. */
    public OptionalLong znodes() {
        return topology.ensemble().stream()
                .flatMap(node -> said(node, "Node count: ").stream())
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private Optional<String> said(Node node, String name) {
        try {
            return namespaces
                    .apply(node)
                    .call(() -> srvr(node))
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
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
