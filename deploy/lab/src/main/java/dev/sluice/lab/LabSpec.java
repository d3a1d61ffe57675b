package dev.sluice.lab;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import java.util.List;
import java.util.OptionalInt;

/**
 * What lab to bring up.
 *
 * @param wire of its one pool
 * @param unsafeChainHops cuts every chain to that many hops, to show what breaks without the others
 * @param moreBinds of its one pool, beside those of the VIP that is announced; as in a controller's
 *     file
 */
public record LabSpec(
        LabDirectory directory,
        Topology topology,
        Wire wire,
        OptionalInt unsafeChainHops,
        List<String> moreBinds) {

    public LabSpec {
        moreBinds = List.copyOf(moreBinds);
    }

    public static LabSpec of(String name, Topology topology) {
        return new LabSpec(
                new LabDirectory(name), topology, Wire.SLUICE, OptionalInt.empty(), List.of());
    }

    public LabSpec withChainHops(int hops) {
        return new LabSpec(directory, topology, wire, OptionalInt.of(hops), moreBinds);
    }

    public LabSpec withWire(Wire other) {
        return new LabSpec(directory, topology, other, unsafeChainHops, moreBinds);
    }

    public LabSpec withBinds(List<String> more) {
        return new LabSpec(directory, topology, wire, unsafeChainHops, more);
    }
}
