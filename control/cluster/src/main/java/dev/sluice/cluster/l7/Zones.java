package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

/**
 * How requests keep to the zone of their proxy, where it and the endpoints have one.
 *
 * @param headroomPercent what an endpoint can do, in percent of what it is due when all are fit:
 *     with 140 the zone keeps all of its requests until less than 1/1.4 of its weight is fit
 */
public record Zones(int headroomPercent) {
    /** That of proxies and endpoints that name none. */
    public static final String NONE = "";

    static Zones read(Section section) {
        return new Zones(section.optional("headroom", Scalars.integer(100, 1_000), 140));
    }
}
