package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.JsonSchema;
import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.config.Tree;
import dev.sluice.cluster.config.Yaml;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.cluster.l7.route.Routes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One revision of what proxies serve: valid in itself, but files and addresses of a host are only
 * looked at when a proxy puts it to work.
 *
 * @param identifyProxy responses say which proxy served them ({@code X-Served-By})
 * @param trustedPeers whose {@code X-Forwarded-*} are believed
 * @param buffers what all routes that buffer share
 * @param overload when work is refused for want of time
 * @param telemetry what is told about requests
 * @param entries listeners of all kinds, in the order of the text
 * @param routes in the order of the text; the one that gets a request is told by {@link
 *     dev.sluice.cluster.l7.route.Match#RANK}
 */
public record L7Config(
        boolean identifyProxy,
        List<AddressBlock> trustedPeers,
        Buffers buffers,
        Overload overload,
        Telemetry telemetry,
        List<Entry> entries,
        List<Route> routes,
        List<Upstream> upstreams) {

    /** Listens nowhere. */
    public static final L7Config EMPTY =
            new L7Config(
                    false,
                    List.of(),
                    Buffers.DEFAULT,
                    Overload.DEFAULT,
                    Telemetry.NONE,
                    List.of(),
                    List.of(),
                    List.of());

    public L7Config {
        trustedPeers = List.copyOf(trustedPeers);
        entries = List.copyOf(entries);
        routes = List.copyOf(routes);
        upstreams = List.copyOf(upstreams);
    }

    /**
     * Reads YAML.
     *
     * @param origin file name for problems
     */
    public static Parsed<L7Config> parse(String origin, String text) {
        return Yaml.parse(origin, text, L7Config::read);
    }

    /** What is written in a text that {@link #parse} takes, to be compared with another. */
    public static Parsed<Tree> tree(String origin, String text) {
        return Yaml.tree(origin, text, L7Config::read);
    }

    /** Of what {@link #parse} reads, for editors and pipelines; see {@link JsonSchema}. */
    public static String schema() {
        return JsonSchema.of("Sluice L7 configuration", L7Config::read);
    }

    /** For configurations that contain this one. */
    public static L7Config read(Section section) {
        Map<HostPort, String> addresses = new HashMap<>();
        Set<String> listeners = new HashSet<>();
        Set<String> upstreams = new HashSet<>();
        List<Upstream> groups =
                section.optionalSections("upstreams", unique(upstreams, Upstream::read));
        List<AddressBlock> trusted = section.optionalList("trustedPeers", Scalars.addressBlock());
        List<Entry> entries =
                section.sections(
                        "listeners",
                        unique(listeners, entry -> Entry.read(entry, addresses, upstreams)));
        return new L7Config(
                section.optional("identifyProxy", Scalars.flag(), false),
                trusted,
                section.optionalSection("buffers", Buffers::read),
                section.optionalSection("overload", Overload::read),
                Telemetry.read(section),
                entries,
                Routes.read(section, upstreams, schemes(entries, !trusted.isEmpty())),
                groups);
    }

    /** Of the requests that may come, which a peer in front may have taken over TLS. */
    private static Set<String> schemes(List<Entry> entries, boolean peers) {
        Set<String> schemes = new HashSet<>(peers ? List.of("http", "https") : List.of());
        for (Entry entry : entries) {
            if (entry instanceof Listener listener) {
                schemes.add(listener.tls().isPresent() ? "https" : "http");
            }
        }
        return schemes;
    }

    /** The listeners of requests. */
    public List<Listener> listeners() {
        return only(Listener.class);
    }

    /** The listeners of bytes. */
    public List<StreamListener> streams() {
        return only(StreamListener.class);
    }

    private <T extends Entry> List<T> only(Class<T> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Readers of named things, with names that differ. */
    private static <T> Function<Section, T> unique(Set<String> names, Function<Section, T> reader) {
        Map<String, String> places = new HashMap<>();
        return section -> {
            String name = section.required("name", Scalars.name());
            String first = places.putIfAbsent(name, section.place("name"));
            if (!names.add(name)) {
                section.problem(
                        "name",
                        "is there twice",
                        "",
                        "first at " + first + "; give it another name");
            }
            return reader.apply(section);
        };
    }

    /**
     * Bounds on what all buffered requests of a proxy hold together. Units: bytes.
     *
     * @param memoryBytes in memory
     * @param fileBytes in files
     */
    public record Buffers(long memoryBytes, long fileBytes) {
        static final Buffers DEFAULT = new Buffers(256L << 20, 4L << 30);

        static Buffers read(Section section) {
            return new Buffers(
                    section.optional(
                            "memory", Scalars.size(1 << 20, 1L << 40), DEFAULT.memoryBytes),
                    section.optional("file", Scalars.size(0, 1L << 50), DEFAULT.fileBytes));
        }
    }
}
