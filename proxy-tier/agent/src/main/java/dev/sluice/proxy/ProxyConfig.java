package dev.sluice.proxy;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.Zones;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.datapath.RedirectDatapathSpec;

import java.util.Optional;

/**
 * The file of {@code sluice proxy run}.
 *
 * @param healthPort on the underlay address, for the directors' probes
 * @param redirect what the kernel does with packets
 * @param zone where the host is; {@link Zones#NONE} if that does not matter
 * @param services below which node of ZooKeeper configurations may look up endpoints; empty: none
 * @param server with {@code --redirect-only}: who serves instead
 */
public record ProxyConfig(
        NodeConfig node,
        int healthPort,
        Redirecting redirect,
        String zone,
        Optional<String> services,
        Optional<ServerConfig> server) {
    private static final int HEALTH_PORT = 19_524;

    /** Of a host with our own engine. */
    public ProxyConfig(NodeConfig node, int healthPort) {
        this(node, healthPort, Redirecting.DEFAULT, Zones.NONE, Optional.empty(), Optional.empty());
    }

    public static ProxyConfig read(Section section) {
        return new ProxyConfig(
                NodeConfig.read(section),
                healthPort(section),
                section.optionalSection("redirect", Redirecting::read),
                section.optional("zone", Scalars.name(), Zones.NONE),
                section.maybe("services", Discovery.Services.node()),
                Optional.empty());
    }

    /** Of a host whose L7 server is not ours. */
    static ProxyConfig readRedirectOnly(Section section) {
        return new ProxyConfig(
                NodeConfig.read(section),
                healthPort(section),
                section.optionalSection("redirect", Redirecting::read),
                Zones.NONE,
                Optional.empty(),
                Optional.of(section.section("server", ServerConfig::read)));
    }

    private static int healthPort(Section section) {
        return section.optionalSection(
                "health",
                health -> health.optional("port", Scalars.integer(1, 65_535), HEALTH_PORT));
    }

    /** What becomes of the MSS that SYN-ACKs offer clients. */
    public enum Mss {
        /** Lowered to what the underlay carries with a director's headers. */
        CLAMP,
        /** Left alone: the underlay has room, or somebody else lowers it. */
        OFF
    }

    /**
     * @param strayRate packets a second that one client may have sent on to other hosts; 0: no
     *     limit
     */
    public record Redirecting(Mss mss, int strayRate) {
        static final Redirecting DEFAULT =
                new Redirecting(Mss.CLAMP, RedirectDatapathSpec.DEFAULT_STRAY_RATE);

        static Redirecting read(Section section) {
            return new Redirecting(
                    section.optional("mss", Scalars.oneOf(Mss.class), DEFAULT.mss),
                    section.optional(
                            "strayRate", Scalars.integer(0, 1_000_000_000), DEFAULT.strayRate));
        }
    }
}
