package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ValidateConfigReply;
import dev.sluice.proto.admin.v1.ValidateConfigRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "validate",
        description = {
            "Check a configuration, and let every running proxy try it.",
            "All that 'apply' does but the last step: nothing is stored or made active.",
        },
        footer = {"", "Example:", "  sluice config validate -f site.yaml"})
final class ConfigValidateCommand extends AdminCommand {
    @Mixin private ConfigSource source = new ConfigSource();

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ValidateConfigRequest request =
                ValidateConfigRequest.newBuilder()
                        .setSource(source.text())
                        .setOrigin(source.origin())
                        .build();
        ValidateConfigReply reply = client.callPatiently(stub -> stub.validateConfig(request));
        output.print(
                out(),
                reply,
                source.origin() + " is valid; " + Words.triedBy(reply.getTriedByList()));
        output.warn(err(), reply.getWarningsList());
        return ExitCode.DONE;
    }
}
