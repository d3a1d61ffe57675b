package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.ChangeRequest;
import dev.sluice.proto.admin.v1.PoolOutcome;

import picocli.CommandLine.Option;

/** A command that changes pools: asks, tells what became of it, and follows it if asked to. */
abstract class ChangeCommand extends AdminCommand {
    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "Only in this pool (default: in all where it does something).",
            defaultValue = "")
    String pool = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json, an object a line (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    Output output = Output.text;

    abstract Arguments arguments();

    /** What Ctrl-C leaves behind. */
    String goesOn() {
        return "the change goes on; see 'sluice status'";
    }

    /** How it is asked; nothing more than asked by default. */
    Insistence insistence() {
        return Insistence.NONE;
    }

    /** How far to follow it; null = not at all. */
    ChangeWait.@org.jspecify.annotations.Nullable Goal goal() {
        return null;
    }

    @Override
    final int run(AdminClient client) throws Failure {
        long start = System.nanoTime();
        ChangeRequest request =
                ChangeRequest.newBuilder()
                        .setChange(arguments().change())
                        .setPool(pool)
                        .setQueue(insistence().queue())
                        .setForce(insistence().force())
                        .setActor(claim())
                        .build();
        Reporter reporter = new Reporter(out(), output, Terminal.isLive());
        if (request.getForce()) {
            new Forcing(client, out(), err(), reporter, insistence().yes()).confirm(request);
        }
        ChangeReply reply = client.call(stub -> stub.makeChange(request));
        reply.getOutcomesList().forEach(reporter::outcome);
        if (reply.getOutcomesList().stream().anyMatch(PoolOutcome::hasRefused)) {
            tellRefusals(reply);
            return ExitCode.REFUSED;
        }
        follow(client, reply, reporter, start);
        return ExitCode.DONE;
    }

    private void tellRefusals(ChangeReply reply) {
        out().flush();
        boolean several = reply.getOutcomesCount() > 1;
        for (PoolOutcome outcome : reply.getOutcomesList()) {
            if (outcome.hasRefused()) {
                String where = several ? "pool " + outcome.getPool() + ": " : "";
                err().println(where + RefusalText.of(outcome.getRefused()));
            }
        }
    }

    private void follow(AdminClient client, ChangeReply reply, Reporter reporter, long start)
            throws Failure {
        ChangeWait.Goal until = goal();
        if (until == null || arguments().followed().isEmpty()) {
            return;
        }
        try (Interruption note = Interruption.says(err(), goesOn())) {
            new ChangeWait(arguments().followed(), reply.getOutcomesList(), reporter, start)
                    .until(until, client);
            note.disarm();
        }
    }
}
