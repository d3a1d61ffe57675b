package dev.sluice.proxy;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.node.NodeConfig;

import java.util.Optional;

/**
 * The file of {@code sluice proxy run}.
 *
 * @param healthPort on the underlay address, for the directors' probes
 * @param server with {@code --redirect-only}: who serves instead
 */
public record ProxyConfig(NodeConfig node, int healthPort, Optional<ServerConfig> server) {
    private static final int HEALTH_PORT = 19_524;

    /** Of a host with our own engine. */
    public ProxyConfig(NodeConfig node, int healthPort) {
        this(node, healthPort, Optional.empty());
    }

    public static ProxyConfig read(Section section) {
        return new ProxyConfig(NodeConfig.read(section), healthPort(section));
    }

    /** Of a host whose L7 server is not ours. */
    static ProxyConfig readRedirectOnly(Section section) {
        return new ProxyConfig(
                NodeConfig.read(section),
                healthPort(section),
                Optional.of(section.section("server", ServerConfig::read)));
    }

    private static int healthPort(Section section) {
        return section.optionalSection(
                "health",
                health -> health.optional("port", Scalars.integer(1, 65_535), HEALTH_PORT));
    }
}
