package dev.sluice.cli;

import dev.sluice.proto.admin.v1.RollBackConfigReply;
import dev.sluice.proto.admin.v1.RollBackConfigRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description = {
            "Make the configuration active that was active before, or an older one.",
            "Every running proxy tries it first, and it is waited for until all serve it, as with",
            "'apply'. Twice leads back.",
        },
        footer = {"", "Examples:", "  sluice config rollback", "  sluice config rollback 3"})
final class ConfigRollbackCommand extends AdminCommand {
    @Parameters(
            paramLabel = "REVISION",
            arity = "0..1",
            description = "As 'config history' shows it (default: the one that was active before).",
            defaultValue = "0")
    long revision;

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Mixin private ConfigWait wait = new ConfigWait();

    @Override
    int run(AdminClient client) throws Failure {
        RollBackConfigRequest request =
                RollBackConfigRequest.newBuilder().setRevision(revision).setActor(claim()).build();
        RollBackConfigReply reply = client.callPatiently(stub -> stub.rollBackConfig(request));
        output.print(
                out(),
                reply,
                "revision "
                        + reply.getRevision()
                        + " is active instead of "
                        + reply.getBefore()
                        + "; "
                        + Words.triedBy(reply.getTriedByList()));
        output.warn(err(), reply.getWarningsList());
        out().flush();
        wait.until(
                new ConfigLook.Goal(
                        reply.getRevision(), reply.getActivation(), reply.getTriedByList()),
                client,
                err());
        return ExitCode.DONE;
    }
}
