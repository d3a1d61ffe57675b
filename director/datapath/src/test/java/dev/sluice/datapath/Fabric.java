package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.BpfFs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A client, a director and proxies in network namespaces, joined by a hub, with what XDP on veth
 * needs: programs on the far ends of the devices, and checksums filled in by whoever sends. Clients
 * reach VIPs of both versions of IP; the underlay has IPv4.
 */
final class Fabric implements AutoCloseable {
    static final String CLIENT = "client";
    static final String DIRECTOR = "director";
    static final String DEVICE = "eth0";
    private static final String PREFIX = "datapath-";
    private static final String HUB = "hub";
    private static final String HUB_ADDRESS = "198.18.200.1";
    private static final String HUB_ADDRESS6 = "2001:db8:1::ffff";
    private static final String ROOM_FOR_OUTER_HEADERS = "1600";
    private static final Map<String, String> ADDRESSES =
            Map.of(CLIENT, "198.18.0.100", DIRECTOR, "198.18.0.101");
    private static final Map<String, String> ADDRESSES6 =
            Map.of(CLIENT, "2001:db8:1::100", DIRECTOR, "2001:db8:1::101");

    private final Map<String, TestNamespace> nodes = new LinkedHashMap<>();
    private final Path pins = Checkout.pins(PREFIX + "test");
    private final TestNamespace hub;

    private Fabric(int proxies) {
        BpfFs.createDirectory(pins);
        hub = TestNamespace.create(PREFIX + HUB);
        quietRpFilter(hub, "all");
        acceptAddressesAtOnce(hub);
        Stream.concat(
                        Stream.of(CLIENT, DIRECTOR),
                        IntStream.rangeClosed(1, proxies).mapToObj(i -> "p" + i))
                .forEach(this::join);
    }

    /** The hub is a router: every node is behind a link of its own. */
    static Fabric routed(int proxies) {
        Fabric fabric = new Fabric(proxies);
        fabric.hub.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        fabric.nodes.forEach((name, node) -> {
            String address = address(name).toString();
            fabric.hub.ip("addr", "add", HUB_ADDRESS + "/32", "dev", name);
            fabric.hub.ip("route", "add", address + "/32", "dev", name);
            node.ip("addr", "add", address + "/32", "dev", DEVICE);
            node.ip("route", "add", HUB_ADDRESS + "/32", "dev", DEVICE);
            node.ip("route", "add", "default", "via", HUB_ADDRESS);
            String address6 = address6(name).toString();
            fabric.hub.ip("addr", "add", HUB_ADDRESS6 + "/128", "dev", name);
            fabric.hub.ip("route", "add", address6, "dev", name);
            node.ip("addr", "add", address6 + "/128", "dev", DEVICE);
            node.ip("route", "add", HUB_ADDRESS6, "dev", DEVICE);
            node.ip("route", "add", "default", "via", HUB_ADDRESS6);
        });
        routeVips(fabric.hub, DIRECTOR);
        return fabric;
    }

    /** The hub is a switch: all nodes are on one link. */
    static Fabric flat(int proxies) {
        Fabric fabric = new Fabric(proxies);
        fabric.hub.ip("link", "add", "br0", "type", "bridge");
        fabric.hub.ip("link", "set", "br0", "mtu", ROOM_FOR_OUTER_HEADERS, "up");
        fabric.nodes.forEach((name, node) -> {
            fabric.hub.ip("link", "set", name, "master", "br0");
            node.ip("addr", "add", address(name) + "/24", "dev", DEVICE);
            node.ip("addr", "add", address6(name) + "/64", "dev", DEVICE);
            node.sysctl("net.ipv4.conf." + DEVICE + ".forwarding=1");
        });
        routeVips(fabric.node(CLIENT), DEVICE);
        return fabric;
    }

    private static void routeVips(TestNamespace from, String device) {
        from.ip("route", "add", TestPools.VIP + "/32", "via", address(DIRECTOR).toString());
        String director = address6(DIRECTOR).toString();
        from.ip("route", "add", TestPools.VIP6 + "/128", "via", director, "dev", device);
    }

    static Address address(String node) {
        String address = ADDRESSES.get(node);
        return address == null ? TestPools.address(node) : Address.parse(address);
    }

    static Address address6(String node) {
        String address = ADDRESSES6.get(node);
        return Address.parse(address == null ? "2001:db8:1::" + node.substring(1) : address);
    }

    TestNamespace node(String name) {
        TestNamespace node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(name);
        }
        return node;
    }

    /** What joins the others. */
    TestNamespace hub() {
        return hub;
    }

    List<String> proxies() {
        return nodes.keySet().stream().filter(n -> n.startsWith("p")).toList();
    }

    /** Where a node pins what is its own. */
    Path pins(String node) {
        return pins.resolve(node);
    }

    private void join(String name) {
        TestNamespace node = TestNamespace.create(PREFIX + name);
        nodes.put(name, node);
        acceptAddressesAtOnce(node);
        hub.ip("link", "add", name, "type", "veth", "peer", "name", DEVICE, "netns", node.name());
        boolean isClient = name.equals(CLIENT);
        if (!isClient) {
            hub.ip("link", "set", name, "mtu", ROOM_FOR_OUTER_HEADERS);
            node.ip("link", "set", DEVICE, "mtu", ROOM_FOR_OUTER_HEADERS);
            hub.run(() -> XdpPassThrough.attach(name, pins.resolve("hub-" + name)));
        }
        hub.run(() -> Offloads.disableTxChecksum(name));
        node.run(() -> Offloads.disableTxChecksum(DEVICE));
        hub.ip("link", "set", name, "up");
        node.ip("link", "set", DEVICE, "up");
        quietRpFilter(hub, name);
        quietRpFilter(node, "all", DEVICE);
        if (name.startsWith("p")) {
            node.ip("addr", "add", TestPools.VIP + "/32", "dev", "lo");
            node.ip("addr", "add", TestPools.VIP6 + "/128", "dev", "lo");
        }
    }

    /** Without a second of looking for duplicates. */
    private static void acceptAddressesAtOnce(TestNamespace node) {
        node.sysctl("net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0");
    }

    private static void quietRpFilter(TestNamespace node, String... devices) {
        for (String device : devices) {
            node.sysctl("net.ipv4.conf." + device + ".rp_filter=0");
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(TestNamespace::close);
        hub.close();
        nodes.keySet().forEach(node -> BpfFs.removeDirectory(pins(node)));
        BpfFs.removeDirectory(pins);
    }
}
