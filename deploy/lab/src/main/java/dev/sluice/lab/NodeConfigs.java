package dev.sluice.lab;

import dev.sluice.lab.fabric.AnnounceHook;
import dev.sluice.lab.fabric.Fabric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the configuration file of every node that has one. */
final class NodeConfigs {
    static final String CLUSTER = "lab";
    static final String POOL = "web";
    private static final int ZOOKEEPER_PORT = 2181;

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
                case CONTROL -> write(node, control(node));
                case DIRECTOR -> write(node, director(node));
                case PROXY -> write(node, proxy(node));
                case ROUTER, CLIENT, UPSTREAM -> {}
            }
        }
        Files.writeString(l7File(), l7());
    }

    private void write(Node node, String text) throws IOException {
        Path file = directory.config(node);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String zookeeper() {
        return topology.control().address() + ":" + ZOOKEEPER_PORT;
    }

    private String control(Node node) {
        return """
        id: %s
        cluster: %s
        zookeeper: %s
        embeddedZookeeper:
          listen: %s
          data: %s
        admin:
          socket: %s
        pools:
          - name: %s
            binds: ["%s:%d/tcp", "%s:%d/tcp"]
            proxies:
        %s
        """
                .formatted(
                        node.name(),
                        CLUSTER,
                        zookeeper(),
                        zookeeper(),
                        directory.state(node).resolve("zookeeper"),
                        directory.controlSocket(),
                        POOL,
                        Topology.VIP,
                        Topology.HTTP_PORT,
                        Topology.VIP,
                        Topology.HTTPS_PORT,
                        topology.nodes(Role.PROXY).stream()
                                .map(p -> "      - {id: %s, address: %s}".formatted(p, p.address()))
                                .collect(Collectors.joining("\n")));
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
        %s\
        """
                .formatted(
                        node.name(),
                        CLUSTER,
                        zookeeper(),
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
                        CLUSTER,
                        zookeeper(),
                        node.address(),
                        directory.state(node),
                        Fabric.DEVICE,
                        directory.pins(node),
                        HEALTH_PORT);
    }

    private static String flow(List<String> words) {
        return words.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    /** The L7 configuration that a new lab serves. */
    Path l7File() {
        return directory.root().resolve("config").resolve("l7.yaml");
    }

    private String l7() {
        return """
        # What the lab's proxies serve: edit a copy, then `sluice config apply -f FILE`.
        identifyProxy: true
        listeners:
          - name: http
            addresses: ["%s:%d"]
          - name: https
            addresses: ["%s:%d"]
            tls:
              certificates:
                - certificate: %s
                  key: %s
        routes:
          - path: /
            upstream: web
        upstreams:
          - name: web
            endpoints: [%s]
        """
                .formatted(
                        Topology.VIP,
                        Topology.HTTP_PORT,
                        Topology.VIP,
                        Topology.HTTPS_PORT,
                        LabCertificate.certificate(directory),
                        LabCertificate.key(directory),
                        topology.nodes(Role.UPSTREAM).stream()
                                .map(node -> node.address() + ":" + Topology.UPSTREAM_PORT)
                                .map(endpoint -> '"' + endpoint + '"')
                                .collect(Collectors.joining(", ")));
    }
}
