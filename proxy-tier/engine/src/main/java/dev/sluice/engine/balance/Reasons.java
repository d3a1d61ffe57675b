package dev.sluice.engine.balance;

import dev.sluice.cluster.l7.HealthCheck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Why an endpoint is used, or is not: in words. */
final class Reasons {
    private Reasons() {}

    /** Most important first. */
    static List<String> of(
            Endpoint endpoint, Endpoints.Policy policy, Spill spill, boolean panic, long now) {
        Standing standing = endpoint.standing;
        List<String> why = new ArrayList<>();
        if (standing.weight == 0) {
            why.add("weight 0: only for clients that stay with it");
        } else if (standing.isFit() && spill.matters()) {
            zones(standing, policy, spill, why);
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
        checks(endpoint.standing, policy, why);
        int percent = standing.percent(policy.balancing(), now);
        if (percent < Standing.FULL) {
            why.add("slow start: at %d %% of its weight".formatted(percent));
        }
        return why;
    }

    private static void zones(
            Standing standing, Endpoints.Policy policy, Spill spill, List<String> why) {
        long enough = Math.ceilDiv(10_000L, policy.zones().headroomPercent());
        String state =
                "%d %% of zone %s is fit, %d %% is enough"
                        .formatted(spill.fitPercent(), spill.zone(), enough);
        String place = standing.zone.isEmpty() ? "no zone" : "zone " + standing.zone;
        if (spill.spares(standing)) {
            why.add(place + ": for what zone " + spill.zone() + " cannot take; " + state);
        } else if (spill.part() < 1) {
            double part = spill.isOwn(standing) ? spill.part() : 1 - spill.part();
            why.add(
                    "%s: takes %d %% of the requests with its likes; %s"
                            .formatted(place, Math.round(100 * part), state));
        }
    }

    private static void checks(Standing standing, Endpoints.Policy policy, List<String> why) {
        int rise = policy.check().map(HealthCheck::rise).orElse(0);
        int fall = policy.check().map(HealthCheck::fall).orElse(0);
        switch (standing.health()) {
            case AWAITED ->
                    why.add(
                            standing.lastProblem().isEmpty()
                                    ? "new: waits for its first check"
                                    : "new: no check was passed yet: " + standing.lastProblem());
            case UNWELL ->
                    why.add(
                            "checks fail: %s (%d of %d passed that bring it back)"
                                    .formatted(standing.lastProblem(), standing.doubts(), rise));
            case UNKNOWN, WELL -> {
                if (standing.doubts() > 0) {
                    why.add(
                            "%d of %d checks in a row failed: %s"
                                    .formatted(standing.doubts(), fall, standing.lastProblem()));
                }
            }
        }
    }

    /** Rounded up: nobody waits for 0 s. */
    private static String seconds(Duration time) {
        return time.plusMillis(999).toSeconds() + "s";
    }
}
