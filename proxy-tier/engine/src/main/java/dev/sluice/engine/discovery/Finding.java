package dev.sluice.engine.discovery;

import dev.sluice.cluster.l7.EndpointSpec;

import java.util.List;

/** What became of a look for endpoints. */
public sealed interface Finding {

    /** They are all that there are. */
    record Found(List<EndpointSpec> endpoints) implements Finding {
        public Found {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * Nobody knows: those that were found before stay.
     *
     * @param why for people
     */
    record Failed(String why) implements Finding {}
}
