package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.FillRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fill",
        description = "Let a proxy take new connections, again or for the first time.",
        footer = {"", "Example:", "  sluice fill proxy-1 --wait"})
final class FillCommand extends AdminCommand {
    @Parameters(paramLabel = "PROXY", description = "The proxy's id, as 'sluice status' shows it.")
    String proxy = "";

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "Only in this pool (default: in all that it is registered in).",
            defaultValue = "")
    String pool = "";

    @Option(names = "--wait", description = "Until every director sends it new connections.")
    boolean wait;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json, an object a line (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    Output output = Output.text;

    @Override
    int run(AdminClient client) throws Failure {
        long start = System.nanoTime();
        FillRequest request =
                FillRequest.newBuilder().setProxy(proxy).setPool(pool).setActor(claim()).build();
        ChangeReply reply = client.call(stub -> stub.fill(request));
        Reporter reporter = new Reporter(out(), output, Terminal.isLive());
        String interrupted = "the fill of " + proxy + " goes on; see 'sluice status'";
        try (Interruption note = Interruption.says(err(), interrupted)) {
            reply.getChangesList().forEach(reporter::accepted);
            if (wait) {
                new ChangeWait(Progress.Kind.FILL, proxy, reply.getChangesList(), reporter, start)
                        .until(ChangeWait.Goal.acknowledged, client);
            }
            note.disarm();
        }
        return ExitCode.DONE;
    }
}
