package dev.sluice.datapath;

import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.XdpMode;

import java.nio.file.Path;

/**
 * @param device where encapsulated packets come in
 * @param pinDirectory below /sys/fs/bpf, this proxy host's alone
 * @param underlay addresses of this host there: what directors send to
 * @param strayRate unknown packets a second that one client (an IPv4 address, 64 bits of IPv6) may
 *     have sent on to other hosts; 0: no limit. Packets of a drained proxy's flows are unknown to
 *     the first hop, so it has to be more than any client's whole traffic
 * @param clampsMss the SYN-ACKs of pools' binds that leave the device offer clients no longer
 *     segments than fit into the underlay with a director's headers around them
 */
public record RedirectDatapathSpec(
        String device,
        Path pinDirectory,
        Underlay underlay,
        Transmit transmit,
        int strayRate,
        boolean clampsMss,
        XdpMode mode) {
    /** More acknowledgements than a client sends that takes 20 Gbit/s. */
    public static final int DEFAULT_STRAY_RATE = 1_000_000;

    public RedirectDatapathSpec {
        if (strayRate < 0 || strayRate > 1_000_000_000) {
            throw new IllegalArgumentException(
                    strayRate + " packets a second: allowed are 0 to 1000000000");
        }
    }

    public RedirectDatapathSpec(
            String device, Path pinDirectory, Address address, Transmit transmit) {
        this(
                device,
                pinDirectory,
                Underlay.of(address),
                transmit,
                DEFAULT_STRAY_RATE,
                true,
                XdpMode.AUTO);
    }

    public RedirectDatapathSpec withMode(XdpMode other) {
        return new RedirectDatapathSpec(
                device, pinDirectory, underlay, transmit, strayRate, clampsMss, other);
    }

    public RedirectDatapathSpec withStrayRate(int packetsPerSecond) {
        return new RedirectDatapathSpec(
                device, pinDirectory, underlay, transmit, packetsPerSecond, clampsMss, mode);
    }

    public RedirectDatapathSpec withoutClampedMss() {
        return new RedirectDatapathSpec(
                device, pinDirectory, underlay, transmit, strayRate, false, mode);
    }
}
