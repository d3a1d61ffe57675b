package dev.sluice.lab.fabric;

import dev.sluice.datapath.Offloads;
import dev.sluice.datapath.XdpPassThrough;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a veth pair needs before it carries XDP like a real link (kernel 6.18).
 *
 * <p>{@code XDP_TX} delivers nothing unless the peer device runs an XDP program too, so the
 * router's ends get one that lets everything pass. A veth sender leaves checksums to its peer,
 * which after encapsulation nobody fills in, so clients compute their own.
 */
final class VethQuirks {
    private VethQuirks() {}

    static void acceptXdpTx(HostNamespace router, List<String> devices, Path pins)
            throws IOException {
        router.run(() -> devices.forEach(dev -> XdpPassThrough.attach(dev, pins.resolve(dev))));
    }

    static void computeChecksums(HostNamespace client) throws IOException {
        client.run(() -> Offloads.disableTxChecksum(Fabric.DEVICE));
    }
}
