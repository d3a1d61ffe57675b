package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ListMalformedReply;
import dev.sluice.proto.admin.v1.ListMalformedRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice errors}. */
@Command(
        name = "errors",
        description = {
            "Show the last messages that were not valid HTTP, with the offending bytes.",
            "Each proxy keeps the last 64, of clients and of servers together. Values of",
            "Authorization, Proxy-Authorization, Cookie and Set-Cookie are masked. A message of",
            "HTTP/2 is shown as lines, not as it came in frames.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice errors",
            "  sluice errors --proxy proxy-2 -o json",
        })
final class ErrorsCommand extends AdminCommand {
    @Option(
            names = "--proxy",
            paramLabel = "ID",
            defaultValue = "",
            description = "Of this proxy only.")
    String proxy = "";

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ListMalformedRequest request = ListMalformedRequest.newBuilder().setProxy(proxy).build();
        ListMalformedReply reply = client.call(stub -> stub.listMalformed(request));
        output.print(out(), reply, ErrorsText.of(reply).stripTrailing());
        boolean all = reply.getProxiesList().stream().allMatch(one -> one.getProblem().isEmpty());
        return all ? ExitCode.DONE : ExitCode.FAILED;
    }
}
