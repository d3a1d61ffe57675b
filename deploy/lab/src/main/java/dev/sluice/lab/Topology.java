package dev.sluice.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which nodes a lab has and how they are addressed: a pure function of their numbers.
 *
 * @param zookeepers 1, 3 or 5; a single one beside a single controller runs in that process
 */
public record Topology(int zookeepers, int controls, int directors, int proxies, int upstreams) {
    /** Its name, and that of its one pool. */
    public static final String CLUSTER = "lab";

    public static final String POOL = "web";
    public static final String VIP = "203.0.113.10";
    public static final String VIP6 = "2001:db8:f::10";
    public static final int HTTP_PORT = 80;
    public static final int HTTPS_PORT = 443;

    /** Where the upstream servers listen. */
    public static final int UPSTREAM_PORT = 8080;

    /** Where they listen for WebSockets. */
    public static final int SOCKET_PORT = 8081;

    /** Where they listen for gRPC. */
    public static final int GRPC_PORT = 8082;

    /** Where ZooKeeper listens. */
    public static final int ZOOKEEPER_PORT = 2181;

    /** The clients' addresses: all of them are the client host's own. */
    public static final String CLIENT_BLOCK = "198.19.0.0/20";

    public static final String CLIENT_BLOCK6 = "2001:db8:c::/64";

    /** So many of each block are used. */
    public static final int CLIENT_ADDRESSES = 4000;

    public static final int MAX_CONTROLS = 5;
    public static final int MAX_DIRECTORS = 32;
    public static final int MAX_PROXIES = 40;
    private static final List<Integer> ENSEMBLES = List.of(1, 3, 5);

    public Topology {
        check("controllers", controls, MAX_CONTROLS);
        check("directors", directors, MAX_DIRECTORS);
        check("proxies", proxies, MAX_PROXIES);
        check("upstreams", upstreams, MAX_PROXIES);
        if (!ENSEMBLES.contains(zookeepers)) {
            throw new IllegalArgumentException(
                    "a lab has 1, 3 or 5 ZooKeeper nodes, not " + zookeepers);
        }
    }

    /** With one controller, which runs ZooKeeper too. */
    public static Topology of(int directors, int proxies, int upstreams) {
        return new Topology(1, 1, directors, proxies, upstreams);
    }

    /** It has at least as many of each, and ZooKeeper where the other has it. */
    public boolean covers(Topology other) {
        return zookeepers >= other.zookeepers
                && controls >= other.controls
                && directors >= other.directors
                && proxies >= other.proxies
                && upstreams >= other.upstreams;
    }

    private static void check(String what, int number, int max) {
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(
                    "a lab has 1 to " + max + " " + what + ", not " + number);
        }
    }

    public Node router() {
        return new Node(Role.ROUTER, 1);
    }

    public Node client() {
        return new Node(Role.CLIENT, 1);
    }

    /** ZooKeeper runs in the only controller's process: no node of its own. */
    public boolean embedsZooKeeper() {
        return zookeepers == 1 && controls == 1;
    }

    public List<Node> nodes(Role role) {
        int count =
                switch (role) {
                    case ROUTER, CLIENT -> 1;
                    case ZOOKEEPER -> embedsZooKeeper() ? 0 : zookeepers;
                    case CONTROL -> controls;
                    case DIRECTOR -> directors;
                    case PROXY -> proxies;
                    case UPSTREAM -> upstreams;
                };
        return IntStream.rangeClosed(1, count).mapToObj(n -> new Node(role, n)).toList();
    }

    /** All of them, the router first. */
    public List<Node> nodes() {
        return Stream.of(Role.values()).flatMap(role -> nodes(role).stream()).toList();
    }

    /** All but the router: those with a link to it. */
    public List<Node> hosts() {
        return nodes().stream().filter(node -> node.role() != Role.ROUTER).toList();
    }

    /** Those on which a ZooKeeper server runs. */
    public List<Node> ensemble() {
        return nodes(embedsZooKeeper() ? Role.CONTROL : Role.ZOOKEEPER);
    }

    /** ZooKeeper's connect string. */
    public String zookeeper() {
        return ensemble().stream()
                .map(node -> node.address() + ":" + ZOOKEEPER_PORT)
                .collect(Collectors.joining(","));
    }

    public Optional<Node> find(String name) {
        return nodes().stream().filter(node -> node.name().equals(name)).findFirst();
    }

    public static List<String> clientAddresses() {
        return IntStream.rangeClosed(1, CLIENT_ADDRESSES)
                .mapToObj(n -> "198.19." + n / 256 + "." + n % 256)
                .toList();
    }

    public static List<String> clientAddresses6() {
        return IntStream.rangeClosed(1, CLIENT_ADDRESSES)
                .mapToObj(n -> "2001:db8:c::" + Integer.toHexString(n))
                .toList();
    }
}
