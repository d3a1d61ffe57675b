package dev.sluice.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which nodes a lab has and how they are addressed: a pure function of their numbers. */
public record Topology(int directors, int proxies, int upstreams) {
    public static final String VIP = "203.0.113.10";
    public static final int HTTP_PORT = 80;
    public static final int HTTPS_PORT = 443;

    /** Where the upstream servers listen. */
    public static final int UPSTREAM_PORT = 8080;

    /** The clients' addresses, one {@code /32} each: 198.19.0.1 and following. */
    public static final int CLIENT_ADDRESSES = 128;

    public static final String CLIENT_BLOCK = "198.19.0.0/24";
    public static final int MAX_DIRECTORS = 32;
    public static final int MAX_PROXIES = 40;

    public Topology {
        check("directors", directors, MAX_DIRECTORS);
        check("proxies", proxies, MAX_PROXIES);
        check("upstreams", upstreams, MAX_PROXIES);
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

    public Node control() {
        return new Node(Role.CONTROL, 1);
    }

    public List<Node> nodes(Role role) {
        int count =
                switch (role) {
                    case ROUTER, CLIENT, CONTROL -> 1;
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

    public Optional<Node> find(String name) {
        return nodes().stream().filter(node -> node.name().equals(name)).findFirst();
    }

    public static List<String> clientAddresses() {
        return IntStream.rangeClosed(1, CLIENT_ADDRESSES).mapToObj(n -> "198.19.0." + n).toList();
    }
}
