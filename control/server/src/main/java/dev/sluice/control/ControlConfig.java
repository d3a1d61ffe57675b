package dev.sluice.control;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.config.Yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file of a control process.
 *
 * <pre>{@code
 * id: control-1
 * cluster: lab
 * zookeeper: 198.18.0.9:2181
 * session: 4s
 * embeddedZookeeper:            # only with --embedded-zookeeper
 *   listen: 198.18.0.9:2181
 *   data: /var/lib/sluice/zookeeper
 * admin:
 *   socket: /run/sluice/control.sock
 * metrics:
 *   listen: 127.0.0.1:19526     # so that a director or proxy of the same host keeps 19525
 * pools:
 *   - name: web
 *     binds: ["203.0.113.10:80/tcp"]
 *     proxies:
 *       - {id: proxy-1, address: 198.18.3.2, weight: 1}
 * }</pre>
 *
 * @param zookeeper connect string
 * @param session how long ZooKeeper waits for a silent leader before another process leads: 2 to 40
 *     seconds, and within the bounds of the ensemble
 */
public record ControlConfig(
        String id,
        String cluster,
        String zookeeper,
        Duration session,
        Optional<Embedded> embeddedZookeeper,
        Path socket,
        HostPort metrics,
        List<PoolConfig> pools) {
    /** What an ensemble grants at least that ticks every two seconds, as it does by default. */
    private static final Duration DEFAULT_SESSION = Duration.ofSeconds(4);

    private static final Duration MIN_SESSION = Duration.ofSeconds(2);
    private static final Duration MAX_SESSION = Duration.ofSeconds(40);
    private static final HostPort DEFAULT_METRICS = HostPort.parse("127.0.0.1:19526");
    private static final Path DEFAULT_SOCKET = Path.of("/run/sluice/control.sock");

    public ControlConfig {
        pools = List.copyOf(pools);
    }

    /**
     * A ZooKeeper server in the control process.
     *
     * @param data folder on disk
     */
    public record Embedded(HostPort listen, Path data) {}

    /** Reads the file, or lists all that is wrong with it. */
    public static Parsed<ControlConfig> load(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            return Parsed.invalid(
                    Problem.general(
                            file.toString(), "", "cannot be read: " + e, "name a readable file"));
        }
    }

    static Parsed<ControlConfig> parse(String origin, String text) {
        return Yaml.parse(origin, text, ControlConfig::read);
    }

    private static ControlConfig read(Section section) {
        List<PoolConfig> before = new ArrayList<>();
        return new ControlConfig(
                section.required("id", Scalars.name()),
                section.required("cluster", Scalars.name()),
                section.required("zookeeper", Scalars.text()),
                section.optional(
                        "session", Scalars.duration(MIN_SESSION, MAX_SESSION), DEFAULT_SESSION),
                section.maybeSection("embeddedZookeeper", ControlConfig::embedded),
                section.optionalSection(
                        "admin", admin -> admin.optional("socket", path(), DEFAULT_SOCKET)),
                section.optionalSection(
                        "metrics",
                        metrics -> metrics.optional("listen", Scalars.hostPort(), DEFAULT_METRICS)),
                section.optionalSections("pools", pool -> unique(pool, before)));
    }

    private static PoolConfig unique(Section section, List<PoolConfig> before) {
        PoolConfig pool = PoolConfig.read(section);
        if (before.stream().anyMatch(other -> other.name().equals(pool.name()))) {
            section.problem("name", "is there twice", "", "give each pool its own name");
        }
        // What stands in for a wrong bind would conflict with what nobody wrote.
        if (section.isSound()) {
            before.stream()
                    .flatMap(other ->
                            BindConflict.find(pool.binds(), other.name(), other.binds()).stream())
                    .forEach(conflict ->
                            section.problem("binds", conflict.toString(), "", BindConflict.HINT));
        }
        before.add(pool);
        return pool;
    }

    private static Embedded embedded(Section section) {
        return new Embedded(
                section.required("listen", Scalars.hostPort()), section.required("data", path()));
    }

    private static Scalar<Path> path() {
        return Scalars.parsed(
                Path.of("."), text -> Path.of(requireText(text)), "the path of a file or folder");
    }

    private static String requireText(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }
}
