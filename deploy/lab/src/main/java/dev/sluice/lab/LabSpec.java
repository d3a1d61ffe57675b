package dev.sluice.lab;

import java.util.OptionalInt;

/**
 * What lab to bring up.
 *
 * @param unsafeChainHops cuts every chain to that many hops, to show what breaks without the others
 */
public record LabSpec(LabDirectory directory, Topology topology, OptionalInt unsafeChainHops) {

    public static LabSpec of(String name, int directors, int proxies) {
        return new LabSpec(
                new LabDirectory(name), new Topology(directors, proxies, 2), OptionalInt.empty());
    }

    public LabSpec withChainHops(int hops) {
        return new LabSpec(directory, topology, OptionalInt.of(hops));
    }
}
