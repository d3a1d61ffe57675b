package dev.sluice.engine.discovery;

import dev.sluice.cluster.l7.EndpointSpec;

import java.util.List;

/**
 * What is known of a place.
 *
 * @param endpoints found last
 * @param trouble why nothing newer is known, for people; empty if all is well
 */
public record Known(List<EndpointSpec> endpoints, String trouble) {
    static final Known NOTHING = new Known(List.of(), "no answer yet");

    /** After another look. */
    Known and(Finding finding) {
        return switch (finding) {
            case Finding.Found(var found) -> new Known(found, "");
            case Finding.Failed(String why) ->
                    new Known(endpoints, why + "; " + left(endpoints.size()));
        };
    }

    private static String left(int count) {
        return count == 0 ? "none was ever found" : "the last " + count + " stay";
    }
}
