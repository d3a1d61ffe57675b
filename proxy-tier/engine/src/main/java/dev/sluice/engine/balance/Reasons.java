package dev.sluice.engine.balance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Why an endpoint is used, or is not: in words. */
final class Reasons {
    private Reasons() {}

    /** Most important first. */
    static List<String> of(Endpoint endpoint, Endpoints.Policy policy, boolean panic, long now) {
        Standing standing = endpoint.standing;
        List<String> why = new ArrayList<>();
        if (standing.weight == 0) {
            why.add("weight 0: it takes no new requests");
        } else if (panic && !standing.isFit()) {
            why.add(
                    "panic: used all the same, as fewer than %d %% of the endpoints are fit"
                            .formatted(policy.balancing().panicPercent()));
        }
        if (standing.isEjected()) {
            why.add(
                    "ejected after %s; back in %s (ejection %d of late)"
                            .formatted(
                                    standing.ejectedFor(),
                                    seconds(standing.backIn(now)),
                                    standing.timesEjected()));
        } else if (endpoint.failures() > 0) {
            why.add(
                    "%d of %d failures in a row that eject it"
                            .formatted(endpoint.failures(), policy.ejection().failures()));
        }
        int percent = standing.percent(policy.balancing(), now);
        if (percent < Standing.FULL) {
            why.add("slow start: at %d %% of its weight".formatted(percent));
        }
        return why;
    }

    /** Rounded up: nobody waits for 0 s. */
    private static String seconds(Duration time) {
        return time.plusMillis(999).toSeconds() + "s";
    }
}
