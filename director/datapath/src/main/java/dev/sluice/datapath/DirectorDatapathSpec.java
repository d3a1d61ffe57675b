package dev.sluice.datapath;

import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.XdpMode;

import java.nio.file.Path;

/**
 * @param device where clients' packets come in
 * @param pinDirectory below /sys/fs/bpf, this director's alone
 * @param underlay addresses of this host there: the outer source. Its MTU, if it is not 0, is the
 *     limit of what is sent; 0: the device's
 */
public record DirectorDatapathSpec(
        String device, Path pinDirectory, Underlay underlay, Transmit transmit, XdpMode mode) {

    public DirectorDatapathSpec(
            String device, Path pinDirectory, Address source, Transmit transmit) {
        this(device, pinDirectory, Underlay.of(source), transmit, XdpMode.AUTO);
    }

    public DirectorDatapathSpec withMode(XdpMode other) {
        return new DirectorDatapathSpec(device, pinDirectory, underlay, transmit, other);
    }
}
