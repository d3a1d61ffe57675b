package dev.sluice.chaos;

import dev.sluice.lab.Await;
import dev.sluice.lab.LabCleanup;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.process.Command;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.HttpConnection;
import dev.sluice.lab.upstream.UpstreamServer;
import dev.sluice.lab.upstream.WebSocketServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a reader would compare with: the lab's network, hosts of HAProxy on the VIP, and a router
 * that spreads connections over them by ECMP. No director, no redirect, no control plane.
 */
final class PlainEcmp implements AutoCloseable {
    private static final Topology TOPOLOGY = Topology.of(1, 4, 2);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);

    private final LabDirectory directory;
    private final boolean resilient;
    private final Fabric fabric;
    private final List<Closer> servers = new ArrayList<>();
    private final Map<Node, Process> proxies = new HashMap<>();

    private PlainEcmp(LabDirectory directory, boolean resilient) {
        this.directory = directory;
        this.resilient = resilient;
        this.fabric = new Fabric(directory, TOPOLOGY);
    }

    /**
     * With three of the four hosts taking connections.
     *
     * @param resilient the router keeps flows where they are (kernel 5.12); else it hashes plainly
     */
    static PlainEcmp start(LabDirectory directory, boolean resilient)
            throws IOException, LabException {
        PlainEcmp cluster = new PlainEcmp(directory, resilient);
        cluster.clean();
        Files.createDirectories(directory.root());
        cluster.fabric.build();
        for (Node upstream : TOPOLOGY.nodes(Role.UPSTREAM)) {
            cluster.serve(upstream);
        }
        for (Node proxy : cluster.proxies()) {
            cluster.startProxy(proxy);
        }
        for (Node proxy : cluster.proxies()) {
            // Not as a group: a resilient one would keep its flows where they first went.
            cluster.onRouter("route replace %s/32 via %s".formatted(Topology.VIP, proxy.address()));
            if (!Await.until(PATIENCE, POLL, cluster::answers)) {
                throw LabException.failed("HAProxy on " + proxy + " does not answer");
            }
        }
        cluster.spread(cluster.proxies().subList(0, 3));
        return cluster;
    }

    private boolean answers() {
        try (HttpConnection connection = clients().connect()) {
            return connection.get("/").isSuccess();
        } catch (IOException e) {
            return false;
        }
    }

    private void serve(Node upstream) throws IOException {
        InetSocketAddress http = new InetSocketAddress(upstream.address(), Topology.UPSTREAM_PORT);
        InetSocketAddress sockets = new InetSocketAddress(upstream.address(), Topology.SOCKET_PORT);
        servers.add(
                fabric.namespace(upstream).call(() -> UpstreamServer.start(upstream.name(), http))
                        ::close);
        servers.add(
                fabric.namespace(upstream)
                                .call(() -> WebSocketServer.start(upstream.name(), sockets))
                        ::close);
    }

    private void startProxy(Node proxy) throws IOException {
        Path file = directory.root().resolve(proxy + ".cfg");
        Files.writeString(file, configuration(proxy));
        proxies.put(
                proxy,
                new ProcessBuilder(
                                "nsenter",
                                "--net=" + directory.namespaceFile(proxy),
                                "--",
                                "haproxy",
                                "-W",
                                "-f",
                                file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.root().resolve(proxy + ".log").toFile())
                        .start());
    }

    private static String configuration(Node proxy) {
        return """
        global
          maxconn 500
        defaults
          mode http
          timeout connect 1s
          timeout client 60s
          timeout server 60s
          timeout tunnel 1h
        frontend web
          bind %s:%d
          http-response set-header X-Served-By %s
          use_backend sockets if { path_beg /socket }
          default_backend web
        backend web
        %s
        backend sockets
        %s
        """
                .formatted(
                        Topology.VIP,
                        Topology.HTTP_PORT,
                        proxy,
                        servers(Topology.UPSTREAM_PORT),
                        servers(Topology.SOCKET_PORT));
    }

    private static String servers(int port) {
        return TOPOLOGY.nodes(Role.UPSTREAM).stream()
                .map(u -> "  server %s %s:%d check".formatted(u, u.address(), port))
                .collect(Collectors.joining("\n"));
    }

    List<Node> proxies() {
        return TOPOLOGY.nodes(Role.PROXY);
    }

    ClientHost clients() {
        return new ClientHost(fabric.namespace(TOPOLOGY.client())::openTcp);
    }

    /** Those take connections from now on, and nobody else. */
    void spread(List<Node> over) throws IOException {
        for (Node proxy : over) {
            onRouter(
                    "nexthop replace id %d via %s dev %s"
                            .formatted(id(proxy), proxy.address(), proxy.routerDevice()));
        }
        String members =
                over.stream().map(p -> Integer.toString(id(p))).collect(Collectors.joining("/"));
        String type = resilient ? " type resilient buckets 256 idle_timer 60" : "";
        onRouter("nexthop replace id 1 group " + members + type);
        onRouter("route replace " + Topology.VIP + "/32 nhid 1");
    }

    private static int id(Node proxy) {
        return 100 + proxy.number();
    }

    private void onRouter(String line) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n"));
        command.add(directory.namespace(TOPOLOGY.router()));
        command.addAll(List.of(line.split(" ")));
        String ignored = Command.require(command.toArray(String[]::new));
    }

    /** New processes take the listeners over, the old ones finish. */
    void reload(Node proxy) throws IOException {
        Process master = Objects.requireNonNull(proxies.get(proxy));
        String ignored = Command.require("kill", "-USR2", Long.toString(master.pid()));
    }

    void loseHost(Node proxy) throws IOException {
        fabric.linkDown(proxy);
    }

    @Override
    public void close() throws IOException, LabException {
        proxies.values().forEach(Process::destroy);
        proxies.values().forEach(proxy -> proxy.onExit().join());
        for (Closer server : servers) {
            server.close();
        }
        clean();
    }

    /** Ends a server. */
    private interface Closer {
        void close() throws IOException;
    }

    private void clean() throws IOException, LabException {
        new LabCleanup(directory, new Progress(System.out)).run();
    }
}
