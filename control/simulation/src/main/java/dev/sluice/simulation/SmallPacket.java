package dev.sluice.simulation;

import dev.sluice.cluster.pool.Address;

import java.util.List;

/** On its way from a director to the first hop of a chain. */
record SmallPacket(boolean syn, long stamp, List<Address> chain) {
    SmallPacket {
        chain = List.copyOf(chain);
    }
}
