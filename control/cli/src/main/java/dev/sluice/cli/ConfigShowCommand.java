package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ShowConfigReply;
import dev.sluice.proto.admin.v1.ShowConfigRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = "Print a configuration exactly as it was applied.",
        footer = {
            "",
            "Examples:",
            "  sluice config show",
            "  sluice config show --revision 3 -o json",
        })
final class ConfigShowCommand extends AdminCommand {
    @Option(
            names = "--revision",
            paramLabel = "N",
            description = "That revision (default: the active one).",
            defaultValue = "0")
    long revision;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    Output output = Output.text;

    @Override
    int run(AdminClient client) throws Failure {
        ShowConfigReply reply =
                client.call(stub ->
                        stub.showConfig(
                                ShowConfigRequest.newBuilder().setRevision(revision).build()));
        if (output == Output.json) {
            out().println(Json.pretty(reply));
        } else {
            out().print(reply.getSource());
        }
        return ExitCode.DONE;
    }
}
