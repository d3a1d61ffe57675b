package dev.sluice.lab;

import dev.sluice.lab.fabric.AnnounceHook;
import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.upstream.GrpcTalk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the configuration file of every node that has one. */
final class NodeConfigs {

    /** Between ZooKeeper servers: to follow the leader, and to elect it. */
    private static final int PEER_PORT = 2888;

    private static final int ELECTION_PORT = 3888;

    /** Where a proxy answers the directors' probes. */
    private static final int HEALTH_PORT = 9101;

    private final LabSpec spec;
    private final LabDirectory directory;
    private final Topology topology;

    NodeConfigs(LabSpec spec) {
        this.spec = spec;
        this.directory = spec.directory();
        this.topology = spec.topology();
    }

    void write() throws IOException {
        for (Node node : topology.nodes()) {
            Files.createDirectories(directory.state(node));
            switch (node.role()) {
                case ZOOKEEPER -> zookeeper(node);
                case CONTROL -> write(node, control(node));
                case DIRECTOR -> write(node, director(node));
                case PROXY -> write(node, proxy(node));
                case ROUTER, CLIENT, UPSTREAM -> {}
            }
        }
        Files.writeString(directory.l7File(), l7());
    }

    private void write(Node node, String text) throws IOException {
        Path file = directory.config(node);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** ZooKeeper's own format, and its file that says which of the servers this one is. */
    private void zookeeper(Node node) throws IOException {
        Files.writeString(directory.state(node).resolve("myid"), node.number() + "\n");
        write(
                node,
                """
                dataDir=%s
                clientPort=%d
                clientPortAddress=%s
                tickTime=500
                initLimit=20
                syncLimit=4
                maxSessionTimeout=40000
                maxClientCnxns=500
                admin.enableServer=false
                # 'srvr' says who leads; a lab has no strangers.
                4lw.commands.whitelist=srvr
                %s
                """
                        .formatted(
                                directory.state(node),
                                Topology.ZOOKEEPER_PORT,
                                node.address(),
                                servers()));
    }

    /** None for a server that is alone. */
    private String servers() {
        return topology.zookeepers() == 1
                ? ""
                : topology.ensemble().stream()
                        .map(node ->
                                "server.%d=%s:%d:%d"
                                        .formatted(
                                                node.number(),
                                                node.address(),
                                                PEER_PORT,
                                                ELECTION_PORT))
                        .collect(Collectors.joining("\n"));
    }

    private String control(Node node) {
        return """
        id: %s
        cluster: %s
        zookeeper: %s
        %s\
        admin:
          socket: %s
        pools:
          - name: %s
            wire: %s
            binds: [%s]
            proxies:
        %s
        """
                .formatted(
                        node.name(),
                        Topology.CLUSTER,
                        topology.zookeeper(),
                        embeddedZooKeeper(node),
                        directory.socket(node),
                        Topology.POOL,
                        spec.wire().name().toLowerCase(Locale.ROOT),
                        binds(),
                        topology.nodes(Role.PROXY).stream()
                                .map(p -> "      - {id: %s, address: %s}".formatted(p, p.address()))
                                .collect(Collectors.joining("\n")));
    }

    private static String binds() {
        return Stream.of(Topology.HTTP_PORT, Topology.HTTPS_PORT)
                .flatMap(NodeConfigs::vips)
                .map(vip -> '"' + vip + "/tcp\"")
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> vips(int port) {
        return Stream.of(Topology.VIP + ":" + port, "[" + Topology.VIP6 + "]:" + port);
    }

    /** In quotes. */
    private static String addresses(int port) {
        return vips(port).map(vip -> '"' + vip + '"').collect(Collectors.joining(", "));
    }

    private String embeddedZooKeeper(Node node) {
        return topology.embedsZooKeeper()
                ? """
                embeddedZookeeper:
                  listen: %s
                  data: %s
                """
                        .formatted(topology.zookeeper(), directory.state(node).resolve("zookeeper"))
                : "";
    }

    private String unsafeChainHops() {
        return spec.unsafeChainHops().isPresent()
                ? "unsafe:\n  chainHops: " + spec.unsafeChainHops().getAsInt() + "\n"
                : "";
    }

    private String director(Node node) {
        return """
        id: %s
        cluster: %s
        zookeeper: %s
        address: %s
        state: %s
        datapath:
          device: %s
          transmit: gateway
          pins: %s
        announce:
          up: %s
          down: %s
        health:
          port: %d
          interval: 500ms
          timeout: 400ms
          failures: 2
        watchdog: {patience: 5s}
        %s\
        """
                .formatted(
                        node.name(),
                        Topology.CLUSTER,
                        topology.zookeeper(),
                        node.address(),
                        directory.state(node),
                        Fabric.DEVICE,
                        directory.pins(node),
                        flow(AnnounceHook.command(directory, "up", node)),
                        flow(AnnounceHook.command(directory, "down", node)),
                        HEALTH_PORT,
                        unsafeChainHops());
    }

    private String proxy(Node node) {
        return """
        id: %s
        cluster: %s
        zookeeper: %s
        address: %s
        state: %s
        datapath:
          device: %s
          pins: %s
        health:
          port: %d
        """
                .formatted(
                        node.name(),
                        Topology.CLUSTER,
                        topology.zookeeper(),
                        node.address(),
                        directory.state(node),
                        Fabric.DEVICE,
                        directory.pins(node),
                        HEALTH_PORT);
    }

    private static String flow(List<String> words) {
        return words.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private String l7() {
        return """
        # What the lab's proxies serve: edit a copy, then `sluice config apply -f FILE`.
        identifyProxy: true
        listeners:
          - name: http
            addresses: [%s]
            versions: [h2, h1]
          - name: https
            addresses: [%s]
            tls:
              certificates:
                - certificate: %s
                  key: %s
        routes:
          - path: /
            upstream: web
          - path: /socket
            upstream: sockets
          - path: /%s
            upstream: streams
        upstreams:
          - name: web
            endpoints: [%s]
          - name: sockets
            endpoints: [%s]
          - name: streams
            version: h2
            endpoints: [%s]
        """
                .formatted(
                        addresses(Topology.HTTP_PORT),
                        addresses(Topology.HTTPS_PORT),
                        LabCertificate.certificate(directory),
                        LabCertificate.key(directory),
                        GrpcTalk.SERVICE,
                        endpoints(Topology.UPSTREAM_PORT),
                        endpoints(Topology.SOCKET_PORT),
                        endpoints(Topology.GRPC_PORT));
    }

    private String endpoints(int port) {
        return topology.nodes(Role.UPSTREAM).stream()
                .map(node -> "\"%s:%d\"".formatted(node.address(), port))
                .collect(Collectors.joining(", "));
    }
}
