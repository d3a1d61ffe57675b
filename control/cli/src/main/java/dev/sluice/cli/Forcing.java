package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ChangeRequest;
import dev.sluice.proto.admin.v1.PlanReply;
import dev.sluice.proto.admin.v1.PoolPlan;
import dev.sluice.proto.admin.v1.Risk;

import java.io.PrintWriter;
import java.util.List;

/** Before something is forced: says what it risks, and asks. */
final class Forcing {
    private final AdminClient client;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Reporter reporter;
    private final boolean yes;

    Forcing(AdminClient client, PrintWriter out, PrintWriter err, Reporter reporter, boolean yes) {
        this.client = client;
        this.out = out;
        this.err = err;
        this.reporter = reporter;
        this.yes = yes;
    }

    /** Returns if it may go on; nothing is asked where no force is needed. */
    void confirm(ChangeRequest request) throws Failure {
        PlanReply reply = client.call(stub -> stub.planChange(request));
        List<PoolPlan> forced =
                reply.getPlansList().stream()
                        .filter(plan -> plan.hasRefused() && !plan.hasNotEvenForced())
                        .filter(plan -> !plan.getEffect().isEmpty())
                        .toList();
        if (forced.isEmpty()) {
            return;
        }
        forced.forEach(reporter::risk);
        forced.forEach(plan -> err.println(text(plan)));
        err.flush();
        if (!yes && !isConfirmed()) {
            throw new Failure(ExitCode.REFUSED, "nothing was done");
        }
    }

    private boolean isConfirmed() throws Failure {
        out.flush();
        if (!Terminal.isLive()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--force needs --yes where nobody can be asked; nothing was done");
        }
        return Terminal.confirms("Force it? [y/N] ");
    }

    static String text(PoolPlan plan) {
        return "pool "
                + plan.getPool()
                + ": refused, because "
                + plan.getRefused().getReason()
                + "\n  by force: "
                + plan.getEffect()
                + "\n  at risk:  "
                + text(plan.getRisk());
    }

    static String text(Risk risk) {
        String known =
                Words.count(risk.getConnections(), "known connection")
                        + " on "
                        + Words.count(risk.getRows(), "row");
        return risk.getUnknownCount() == 0
                ? known
                : known
                        + ", and what has not been told by "
                        + String.join(", ", risk.getUnknownList());
    }
}
