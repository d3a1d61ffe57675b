package dev.sluice.cluster.record;

import dev.sluice.cluster.pool.Address;

import java.util.Map;

/**
 * A director's persistent record: it exists until an operator removes the director.
 *
 * @param address underlay
 * @param acknowledged pool name to the generation whose table it forwards by
 * @param withdrawn confirmed not announcing any VIP: its acknowledgements are not waited for
 */
public record DirectorRecord(
        String id, Address address, Map<String, Long> acknowledged, boolean withdrawn) {
    public DirectorRecord {
        acknowledged = Map.copyOf(acknowledged);
    }

    public DirectorRecord asWithdrawn() {
        return new DirectorRecord(id, address, acknowledged, true);
    }
}
