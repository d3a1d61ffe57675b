package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.admin.v1.ListUpstreamsRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "upstreams",
        description = {
            "Say of every endpoint, on every proxy, whether it is used, and why or why not. Each",
            "proxy judges by itself. Exit code 1 if an upstream is in panic, its endpoints cannot be",
            "looked up, or a proxy gives no answer.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice upstreams",
            "  sluice upstreams api -o json",
        })
final class UpstreamsCommand extends AdminCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Of this upstream only.")
    String name = "";

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ListUpstreamsReply reply =
                client.call(stub ->
                        stub.listUpstreams(
                                ListUpstreamsRequest.newBuilder().setName(name).build()));
        output.print(out(), reply, UpstreamsText.of(name, reply).stripTrailing());
        return UpstreamsText.isClean(reply) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
