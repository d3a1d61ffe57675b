package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

/**
 * One server of an upstream, as the configuration has it.
 *
 * @param weight its share of the requests, beside those of the others; 0 for no new ones
 * @param zone where it is; {@link Zones#NONE} if that does not matter
 */
public record EndpointSpec(HostPort address, int weight, String zone) {
    public static final int MAX_WEIGHT = 1_000;

    /** With the weight that those have which name none. */
    public EndpointSpec(HostPort address) {
        this(address, 1);
    }

    /** Without a zone. */
    public EndpointSpec(HostPort address, int weight) {
        this(address, weight, Zones.NONE);
    }

    static EndpointSpec read(Section section, Scalar<HostPort> addresses) {
        return new EndpointSpec(
                section.required("address", addresses),
                section.optional("weight", Scalars.integer(0, MAX_WEIGHT), 1),
                section.optional("zone", Scalars.name(), Zones.NONE));
    }
}
