package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.DrainRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;

@Command(
        name = "drain",
        description = {
            "Let a proxy take no new connections and finish those it has.",
            "Nothing is cut before the deadline; without one, never.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice drain proxy-1 --wait",
            "  sluice drain proxy-1 --deadline 30m --wait=acknowledged",
            "",
            "Ctrl-C ends the waiting only; 'sluice fill PROXY' takes a drain back.",
        })
final class DrainCommand extends AdminCommand {
    @Parameters(paramLabel = "PROXY", description = "The proxy's id, as 'sluice status' shows it.")
    String proxy = "";

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "Only in this pool (default: in all that it serves).",
            defaultValue = "")
    String pool = "";

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = DeadlineConverter.class,
            description = "Reset what is left after this time, e.g. 90s, 30m, 1h30m; up to 30d.")
    @Nullable Duration deadline;

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "acknowledged|drained",
            parameterConsumer = GoalConsumer.class,
            description = {
                "Show what is left until every director forwards by the new view (acknowledged)",
                "or until nothing is left (drained, the default).",
            })
    ChangeWait.@Nullable Goal goal;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json, an object a line (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    Output output = Output.text;

    @Override
    int run(AdminClient client) throws Failure {
        long start = System.nanoTime();
        DrainRequest request =
                DrainRequest.newBuilder()
                        .setProxy(proxy)
                        .setPool(pool)
                        .setDeadlineMs(deadline == null ? 0 : deadline.toMillis())
                        .setActor(claim())
                        .build();
        ChangeReply reply = client.call(stub -> stub.drain(request));
        Reporter reporter = new Reporter(out(), output, Terminal.isLive());
        try (Interruption note = Interruption.says(err(), interrupted())) {
            reply.getChangesList().forEach(reporter::accepted);
            if (goal != null) {
                new ChangeWait(Progress.Kind.DRAIN, proxy, reply.getChangesList(), reporter, start)
                        .until(goal, client);
            }
            note.disarm();
        }
        return ExitCode.DONE;
    }

    private String interrupted() {
        return "the drain of "
                + proxy
                + " goes on; follow it with 'sluice status --watch', take it back with 'sluice fill "
                + proxy
                + "'";
    }
}
