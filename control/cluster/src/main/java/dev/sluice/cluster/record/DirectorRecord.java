package dev.sluice.cluster.record;

import dev.sluice.cluster.pool.Address;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A director's persistent record: it exists until an operator removes the director.
 *
 * @param address underlay
 * @param address6 beside an IPv4 one
 * @param acknowledged pool name to the generation whose table it forwards by
 * @param withdrawn confirmed not announcing any VIP: its acknowledgements are not waited for
 */
public record DirectorRecord(
        String id,
        Address address,
        Optional<Address> address6,
        Map<String, Long> acknowledged,
        boolean withdrawn) {
    public DirectorRecord {
        acknowledged = Map.copyOf(acknowledged);
    }

    /** Of a director with one address. */
    public DirectorRecord(
            String id, Address address, Map<String, Long> acknowledged, boolean withdrawn) {
        this(id, address, Optional.empty(), acknowledged, withdrawn);
    }

    /** What its packets have as source. */
    public Set<Address> addresses() {
        return Stream.concat(Stream.of(address), address6.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    public DirectorRecord asWithdrawn() {
        return new DirectorRecord(id, address, address6, acknowledged, true);
    }
}
