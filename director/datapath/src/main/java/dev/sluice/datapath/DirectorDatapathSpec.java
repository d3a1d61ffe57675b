package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;

import java.nio.file.Path;

/**
 * @param device where clients' packets come in
 * @param pinDirectory below /sys/fs/bpf, this director's alone
 * @param source IPv4 address of this host on the underlay: the outer source
 */
public record DirectorDatapathSpec(
        String device, Path pinDirectory, Address source, Transmit transmit) {

    public DirectorDatapathSpec {
        Ipv4.require(source, "the source address of a director");
    }
}
