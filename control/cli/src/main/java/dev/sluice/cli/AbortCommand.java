package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AbortRequest;
import dev.sluice.proto.admin.v1.ChangeReply;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "abort",
        description = {
            "Give up a change that is still being prepared: nothing has moved yet.",
            "A committed change is taken back by its opposite, drain or fill.",
        },
        footer = {"", "Example:", "  sluice abort web"})
final class AbortCommand extends AdminCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "POOL",
            description = "The pool (default: the one that is preparing a change).",
            defaultValue = "")
    String pool = "";

    @Override
    int run(AdminClient client) throws Failure {
        AbortRequest request = AbortRequest.newBuilder().setPool(pool).setActor(claim()).build();
        ChangeReply reply = client.call(stub -> stub.abort(request));
        reply.getChangesList()
                .forEach(change -> out().println(change.getPool() + ": " + change.getEffect()));
        return ExitCode.DONE;
    }
}
