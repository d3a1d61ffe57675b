package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;

import java.nio.file.Path;

/**
 * @param device where encapsulated packets come in
 * @param pinDirectory below /sys/fs/bpf, this proxy host's alone
 * @param address IPv4 address of this host on the underlay: what directors send to
 */
public record RedirectDatapathSpec(
        String device, Path pinDirectory, Address address, Transmit transmit) {

    public RedirectDatapathSpec {
        Ipv4.require(address, "the underlay address of a proxy host");
    }
}
