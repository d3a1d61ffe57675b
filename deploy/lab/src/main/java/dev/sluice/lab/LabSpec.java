package dev.sluice.lab;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import java.util.OptionalInt;

/**
 * What lab to bring up.
 *
 * @param wire of its one pool
 * @param unsafeChainHops cuts every chain to that many hops, to show what breaks without the others
 */
public record LabSpec(
        LabDirectory directory, Topology topology, Wire wire, OptionalInt unsafeChainHops) {

    public static LabSpec of(String name, Topology topology) {
        return new LabSpec(new LabDirectory(name), topology, Wire.SLUICE, OptionalInt.empty());
    }

    public LabSpec withChainHops(int hops) {
        return new LabSpec(directory, topology, wire, OptionalInt.of(hops));
    }

    public LabSpec withWire(Wire other) {
        return new LabSpec(directory, topology, other, unsafeChainHops);
    }
}
