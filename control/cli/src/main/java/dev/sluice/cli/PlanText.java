package dev.sluice.cli;

import dev.sluice.proto.admin.v1.PlanReply;
import dev.sluice.proto.admin.v1.PlannedLoad;
import dev.sluice.proto.admin.v1.PlannedPhase;
import dev.sluice.proto.admin.v1.PoolPlan;

import java.util.Locale;

/** Plans for people. Pure. */
final class PlanText {
    private PlanText() {}

    static String of(PlanReply reply) {
        StringBuilder text = new StringBuilder();
        reply.getPlansList().forEach(plan -> pool(text, plan));
        return text.toString();
    }

    private static void pool(StringBuilder text, PoolPlan plan) {
        text.append("pool ").append(plan.getPool());
        if (plan.hasRefused()) {
            text.append("   ").append(RefusalText.of(plan.getRefused())).append('\n');
        } else {
            text.append("   ").append(plan.getEffect()).append('\n');
        }
        moved(text, plan);
        loads(text, plan);
        for (PlannedPhase phase : plan.getPhasesList()) {
            text.append("  ")
                    .append(plan.hasRefused() ? "by force, " : "")
                    .append(phase.getName())
                    .append(" waits for ")
                    .append(phase.getWaitsFor());
            if (phase.getWhoCount() > 0) {
                text.append(": ").append(String.join(", ", phase.getWhoList()));
            }
            text.append('\n');
        }
        forced(text, plan);
    }

    private static void moved(StringBuilder text, PoolPlan plan) {
        if (plan.getRowsChanged() == 0) {
            text.append("  no connections move\n");
            return;
        }
        text.append("  new connections that go elsewhere: ")
                .append(percent(plan.getRowsMoved(), plan.getRows()))
                .append(" (")
                .append(Words.count(plan.getRowsMoved(), "row"))
                .append("; open hops change on ")
                .append(plan.getRowsChanged())
                .append(" of ")
                .append(plan.getRows())
                .append("), longest chain ")
                .append(plan.getLongestChain())
                .append(" hops\n");
    }

    private static void loads(StringBuilder text, PoolPlan plan) {
        if (plan.getLoadsCount() == 0) {
            return;
        }
        Table table = new Table("  ", "PROXY", "NOW", "AFTERWARDS", "CONNECTIONS", "DISPLACED");
        for (PlannedLoad load : plan.getLoadsList()) {
            table.row(
                    load.getProxy(),
                    percent(load.getRowsBefore(), plan.getRows()),
                    percent(load.getRowsAfter(), plan.getRows()),
                    Long.toString(load.getConnections()),
                    displaced(load));
        }
        text.append(table);
        text.append(
                "  displaced connections go on where they are: packets find them by the second"
                        + " chance\n");
    }

    private static String displaced(PlannedLoad load) {
        if (load.getRowsLeft() == 0) {
            return "0";
        }
        return load.getRowsLeft() == load.getRowsBefore()
                ? "all " + load.getConnections()
                : "about " + load.getDisplaced();
    }

    private static void forced(StringBuilder text, PoolPlan plan) {
        if (!plan.hasRefused()) {
            return;
        }
        if (plan.hasNotEvenForced()) {
            text.append("  not by force either: ")
                    .append(plan.getNotEvenForced().getReason())
                    .append('\n');
        } else if (!plan.getEffect().isEmpty()) {
            text.append("  by force: ").append(plan.getEffect());
            text.append(", at risk: ").append(Forcing.text(plan.getRisk())).append('\n');
        }
    }

    private static String percent(int part, int all) {
        return all == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
    }
}
