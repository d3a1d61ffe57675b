package dev.sluice.cluster.node;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.zookeeper.ClusterStore;

import java.nio.file.Path;

/**
 * What the files of directors and proxies have in common.
 *
 * @param address on the underlay
 * @param device that underlay packets arrive on
 * @param pins directory on a BPF file system that keeps the datapath across restarts
 * @param state directory for the restart memory
 */
public record NodeConfig(
        String id,
        ClusterStore.Target store,
        Address address,
        String device,
        Path pins,
        Path state) {

    /** {@code id, cluster, zookeeper, address, datapath: {device, pins}, state}. */
    public static NodeConfig read(Section section, Device device) {
        return new NodeConfig(
                section.required("id", Scalars.name()),
                new ClusterStore.Target(
                        section.required("zookeeper", Scalars.text()),
                        section.required("cluster", Scalars.name())),
                section.required("address", Scalars.address()),
                device.name(),
                device.pins(),
                Path.of(section.required("state", Scalars.text())));
    }

    /** The {@code datapath} section's common part. */
    public record Device(String name, Path pins) {
        public static Device read(Section datapath) {
            return new Device(
                    datapath.required("device", Scalars.text()),
                    Path.of(datapath.required("pins", Scalars.text())));
        }
    }
}
