package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ApplyConfigReply;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "apply",
        description = {
            "Make a configuration active, once every running proxy has tried it.",
            "Proxies try files, keys and addresses to listen on. With a problem, here or on",
            "any of them, it is refused as a whole, with all problems; what is active stays.",
            "Then waits until every running proxy serves it.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice config apply -f site.yaml",
            "  sluice config apply -f site.yaml --timeout 5m",
            "  sluice config apply -f site.yaml --no-wait",
        })
final class ConfigApplyCommand extends AdminCommand {
    @Mixin private ConfigSource source = new ConfigSource();

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Mixin private ConfigWait wait = new ConfigWait();

    @Override
    int run(AdminClient client) throws Failure {
        ApplyConfigRequest request =
                ApplyConfigRequest.newBuilder()
                        .setSource(source.text())
                        .setOrigin(source.origin())
                        .setActor(claim())
                        .build();
        ApplyConfigReply reply = client.callPatiently(stub -> stub.applyConfig(request));
        output.print(
                out(),
                reply,
                "revision "
                        + reply.getRevision()
                        + (reply.getUnchanged()
                                ? " is active already"
                                : " is active; " + Words.triedBy(reply.getTriedByList())));
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
