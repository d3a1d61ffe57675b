package dev.sluice.cluster.node;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.zookeeper.ClusterStore;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the files of directors and proxies have in common.
 *
 * @param address on the underlay
 * @param datapath where packets are met
 * @param state directory for the restart memory
 * @param metrics where Prometheus is answered; empty: nowhere
 */
public record NodeConfig(
        String id,
        ClusterStore.Target store,
        Address address,
        Datapath datapath,
        Path state,
        Optional<HostPort> metrics) {
    private static final HostPort METRICS = HostPort.parse("127.0.0.1:19525");

    /** Without metrics. */
    public NodeConfig(
            String id, ClusterStore.Target store, Address address, Datapath datapath, Path state) {
        this(id, store, address, datapath, state, Optional.empty());
    }

    /**
     * {@code id, cluster, zookeeper, address, datapath: {device, pins, transmit, xdp}, state,
     * metrics: {listen}}.
     */
    public static NodeConfig read(Section section) {
        return new NodeConfig(
                section.required("id", Scalars.name()),
                new ClusterStore.Target(
                        section.required("zookeeper", Scalars.text()),
                        section.required("cluster", Scalars.name())),
                section.required("address", Scalars.address()),
                section.section("datapath", Datapath::read),
                Path.of(section.required("state", Scalars.text())),
                Optional.of(
                        section.optionalSection(
                                "metrics",
                                metrics ->
                                        metrics.optional("listen", Scalars.hostPort(), METRICS))));
    }

    /**
     * Where packets are met.
     *
     * @param device that they arrive on
     * @param pins directory on a BPF file system that keeps the datapath across restarts
     * @param transmit how encapsulated packets leave
     * @param xdp where the program runs
     */
    public record Datapath(String device, Path pins, Transmit transmit, Xdp xdp) {

        /** In the driver, if that can. */
        public Datapath(String device, Path pins, Transmit transmit) {
            this(device, pins, transmit, Xdp.AUTO);
        }

        static Datapath read(Section section) {
            return new Datapath(
                    section.required("device", Scalars.text()),
                    Path.of(section.required("pins", Scalars.text())),
                    section.optional("transmit", Scalars.oneOf(Transmit.class), Transmit.GATEWAY),
                    section.optional("xdp", Scalars.oneOf(Xdp.class), Xdp.AUTO));
        }
    }

    /** Where the XDP program runs. */
    public enum Xdp {
        /** In the driver if that can do XDP, else behind it. */
        AUTO,
        /** Behind the driver: for devices whose driver, or whose other end, is in the way. */
        GENERIC
    }

    /** How encapsulated packets leave. */
    public enum Transmit {
        /** Back to the router they came from. */
        GATEWAY,
        /** By the kernel's routing table, on a flat network. */
        FIB
    }
}
