package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ConfigEntry;
import dev.sluice.proto.admin.v1.ListConfigsReply;
import dev.sluice.proto.admin.v1.ListConfigsRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "history",
        description = "Show the configurations that were applied, newest first.",
        footer = {"", "Examples:", "  sluice config history", "  sluice config history -o json"})
final class ConfigHistoryCommand extends AdminCommand {
    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ListConfigsReply reply =
                client.call(stub -> stub.listConfigs(ListConfigsRequest.getDefaultInstance()));
        output.print(out(), reply, text(reply).stripTrailing());
        return ExitCode.DONE;
    }

    private static String text(ListConfigsReply reply) {
        if (reply.getRevisionsCount() == 0) {
            return "no configuration was applied yet";
        }
        Table table = new Table("", "REVISION", "", "APPLIED", "BY", "FROM", "BYTES");
        for (ConfigEntry entry : reply.getRevisionsList()) {
            table.row(
                    Long.toString(entry.getRevision()),
                    entry.getActive() ? "active" : entry.getBefore() ? "before" : "",
                    Words.time(entry.getAppliedUnixMs()),
                    entry.getAppliedBy(),
                    entry.getOrigin(),
                    Integer.toString(entry.getBytes()));
        }
        return table.toString();
    }
}
