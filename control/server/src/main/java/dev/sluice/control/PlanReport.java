package dev.sluice.control;

import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Phase;
import dev.sluice.cluster.transition.Plan;
import dev.sluice.proto.admin.v1.PlannedLoad;
import dev.sluice.proto.admin.v1.PlannedPhase;
import dev.sluice.proto.admin.v1.PoolPlan;

import java.util.Locale;

/** A plan as the admin API carries it. Pure. */
final class PlanReport {
    private PlanReport() {}

    static PoolPlan of(String pool, Plan plan) {
        PoolPlan.Builder report =
                PoolPlan.newBuilder()
                        .setPool(pool)
                        .setRows(plan.rows())
                        .setRowsChanged(plan.openRows())
                        .setRowsMoved(plan.movedRows())
                        .setLongestChain(plan.longestChain());
        plan.loads().forEach(load -> report.addLoads(load(load)));
        switch (plan.decision()) {
            case Decision.Accepted accepted -> accept(report, accepted);
            case Decision.Refused refused -> report.setRefused(Replies.refusal(refused));
        }
        plan.forced()
                .ifPresent(forced -> {
                    switch (forced) {
                        case Decision.Accepted accepted -> accept(report, accepted);
                        case Decision.Refused refused ->
                                report.setNotEvenForced(Replies.refusal(refused));
                    }
                });
        return report.build();
    }

    private static void accept(PoolPlan.Builder report, Decision.Accepted accepted) {
        report.setEffect(accepted.effect()).setRisk(Replies.risk(accepted.risk()));
        accepted.phases().forEach(phase -> report.addPhases(phase(phase)));
    }

    private static PlannedPhase phase(Phase phase) {
        return PlannedPhase.newBuilder()
                .setName(phase.name().name().toLowerCase(Locale.ROOT))
                .setWaitsFor(phase.waitsFor())
                .addAllWho(phase.who())
                .build();
    }

    private static PlannedLoad load(Plan.Load load) {
        return PlannedLoad.newBuilder()
                .setProxy(load.proxy())
                .setRowsBefore(load.rowsBefore())
                .setRowsAfter(load.rowsAfter())
                .setRowsLeft(load.displacedRows())
                .setConnections(load.connections())
                .setDisplaced(load.displacedConnections())
                .build();
    }
}
