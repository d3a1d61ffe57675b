package dev.sluice.proxy;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.node.NodeConfig;

/**
 * The file of {@code sluice proxy run}.
 *
 * @param healthPort on the underlay address, for the directors' probes
 */
public record ProxyConfig(NodeConfig node, int healthPort) {
    public static ProxyConfig read(Section section) {
        return new ProxyConfig(
                NodeConfig.read(section),
                section.optionalSection(
                        "health",
                        health -> health.optional("port", Scalars.integer(1, 65_535), 19_524)));
    }
}
