package dev.sluice.lab.fabric;

import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The lab's network: one namespace per node, a veth link from each to the router, addresses and
 * routes. All links live in namespaces; the host sees none of them.
 */
public final class Fabric {
    /** The device by which a node reaches the router. */
    public static final String DEVICE = "eth0";

    private static final int CLIENT_MTU = 1500;

    /** Full-sized client packets must fit after encapsulation. */
    private static final int UNDERLAY_MTU = 2000;

    private final LabDirectory directory;
    private final Topology topology;

    public Fabric(LabDirectory directory, Topology topology) {
        this.directory = directory;
        this.topology = topology;
    }

    public void build() throws IOException {
        addNamespaces();
        for (Node node : topology.nodes()) {
            namespace(node).run(() -> setKernelSwitches(node.role()));
        }
        addLinks();
        configureRouter();
        for (Node host : topology.hosts()) {
            configureHost(host);
        }
        prepareForXdp();
    }

    private void addNamespaces() throws IOException {
        IpBatch batch = IpBatch.onHost();
        topology.nodes().forEach(node -> batch.add("netns add " + directory.namespace(node)));
        batch.run();
    }

    /** Of the calling thread's namespace; before links exist, so that they inherit the defaults. */
    private static void setKernelSwitches(Role role) throws IOException {
        for (String scope : List.of("all", "default")) {
            // Packets arrive decapsulated from where no route points back to.
            set("ipv4/conf/" + scope + "/rp_filter", 0);
            set("ipv4/conf/" + scope + "/send_redirects", 0);
            set("ipv6/conf/" + scope + "/disable_ipv6", role.hasIpv6() ? 0 : 1);
            set("ipv6/conf/" + scope + "/accept_dad", 0);
            set("ipv6/conf/" + scope + "/router_solicitations", 0);
            set("ipv6/conf/" + scope + "/keep_addr_on_down", 1);
        }
        switch (role) {
            case ROUTER -> setRouterSwitches();
            case CLIENT -> set("ipv6/ip_nonlocal_bind", 1);
            case ZOOKEEPER, CONTROL, DIRECTOR, PROXY, UPSTREAM -> {}
        }
    }

    private static void setRouterSwitches() throws IOException {
        set("ipv4/ip_forward", 1);
        set("ipv6/conf/all/forwarding", 1);
        for (String family : List.of("ipv4", "ipv6")) {
            set(family + "/fib_multipath_hash_policy", 1);
            set(family + "/conf/all/ignore_routes_with_linkdown", 1);
            set(family + "/conf/default/ignore_routes_with_linkdown", 1);
        }
    }

    private static void set(String sysctl, long value) throws IOException {
        Path file = Path.of("/proc/sys/net", sysctl);
        if (Files.exists(file)) {
            Files.writeString(file, value + "\n");
        }
    }

    private void addLinks() throws IOException {
        IpBatch batch = IpBatch.onHost();
        String router = directory.namespace(topology.router());
        for (Node host : topology.hosts()) {
            int mtu = host.role() == Role.CLIENT ? CLIENT_MTU : UNDERLAY_MTU;
            batch.add(
                    "link add %s netns %s mtu %d type veth peer name %s netns %s mtu %d"
                            .formatted(
                                    DEVICE,
                                    directory.namespace(host),
                                    mtu,
                                    host.routerDevice(),
                                    router,
                                    mtu));
        }
        batch.run();
    }

    private void configureRouter() throws IOException {
        IpBatch batch = IpBatch.in(directory.namespace(topology.router()));
        batch.add("link set dev lo up");
        for (Node host : topology.hosts()) {
            batch.add("addr add " + host.gateway() + "/24 dev " + host.routerDevice());
            if (host.role().hasIpv6()) {
                batch.add("addr add " + host.gateway6() + "/64 dev " + host.routerDevice());
            }
            batch.add("link set dev " + host.routerDevice() + " up");
        }
        // What no director announces and what no client owns is said to be unreachable at once.
        batch.add("route add unreachable default");
        batch.add("route add unreachable ::/0");
        batch.add("route add " + Topology.CLIENT_BLOCK + " via " + topology.client().address());
        batch.add("route add " + Topology.CLIENT_BLOCK6 + " via " + topology.client().address6());
        batch.run();
    }

    private void configureHost(Node host) throws IOException {
        IpBatch batch = IpBatch.in(directory.namespace(host));
        batch.add("link set dev lo up");
        if (host.role() == Role.PROXY) {
            batch.add("addr add " + Topology.VIP + "/32 dev lo");
            batch.add("addr add " + Topology.VIP6 + "/128 dev lo");
        }
        if (host.role() == Role.CLIENT) {
            // Every address of the blocks is this host's own, without being listed.
            batch.add("route add local " + Topology.CLIENT_BLOCK + " dev lo");
            batch.add("route add local " + Topology.CLIENT_BLOCK6 + " dev lo");
        }
        batch.add("addr add " + host.address() + "/24 dev " + DEVICE);
        if (host.role().hasIpv6()) {
            batch.add("addr add " + host.address6() + "/64 dev " + DEVICE);
        }
        addUplink(batch, host);
        batch.run();
    }

    private static void addUplink(IpBatch batch, Node host) {
        batch.add("link set dev " + DEVICE + " up");
        batch.add("route replace default via " + host.gateway());
        if (host.role().hasIpv6()) {
            batch.add("route replace ::/0 via " + host.gateway6());
        }
    }

    private void prepareForXdp() throws IOException {
        List<String> devices =
                topology.hosts().stream()
                        .filter(node -> node.role() == Role.DIRECTOR || node.role() == Role.PROXY)
                        .map(Node::routerDevice)
                        .toList();
        VethQuirks.acceptXdpTx(
                namespace(topology.router()), devices, directory.pins(topology.router()));
        VethQuirks.computeChecksums(namespace(topology.client()));
    }

    /** Cuts the host off, as if its power had failed. */
    public void linkDown(Node host) throws IOException {
        IpBatch.in(directory.namespace(host)).add("link set dev " + DEVICE + " down").run();
    }

    /** Undoes {@link #linkDown}. */
    public void linkUp(Node host) throws IOException {
        IpBatch batch = IpBatch.in(directory.namespace(host));
        addUplink(batch, host);
        batch.run();
    }

    /** The router's hash of a flow is another from now on (kernel 6.11). */
    public void hashFlowsAnew(int seed) throws IOException {
        namespace(topology.router())
                .run(() -> set("ipv4/fib_multipath_hash_seed", Integer.toUnsignedLong(seed)));
    }

    /** Packets that a node handed to each of its devices, lost ones included, by device name. */
    public Map<String, Long> sentPackets(Node node) throws IOException {
        return namespace(node).call(DeviceStatistics::sentPackets);
    }

    public HostNamespace namespace(Node node) {
        return new HostNamespace(directory.namespace(node));
    }

    /** Removes every namespace of that lab, whether this process made it or one that crashed. */
    public static void destroy(LabDirectory directory) throws IOException {
        List<String> left = namespaces(directory);
        if (!left.isEmpty()) {
            IpBatch batch = IpBatch.onHost();
            left.forEach(name -> batch.add("netns delete " + name));
            batch.run();
        }
    }

    /** The names of that lab's namespaces. */
    public static List<String> namespaces(LabDirectory directory) throws IOException {
        if (!Files.isDirectory(LabDirectory.namespaces())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(LabDirectory.namespaces())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(directory.namespacePrefix()))
                    .sorted()
                    .toList();
        }
    }
}
