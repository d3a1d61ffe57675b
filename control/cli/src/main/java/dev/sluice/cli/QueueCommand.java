package dev.sluice.cli;

import dev.sluice.proto.admin.v1.CancelQueuedReply;
import dev.sluice.proto.admin.v1.CancelQueuedRequest;
import dev.sluice.proto.admin.v1.ListQueueReply;
import dev.sluice.proto.admin.v1.ListQueueRequest;
import dev.sluice.proto.admin.v1.PoolQueue;
import dev.sluice.proto.admin.v1.QueuedChange;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "queue",
        description = {
            "Show the changes that wait their turn, the next one first, and what it waits for.",
            "They begin by themselves; those that fit together begin as one.",
        },
        subcommands = QueueCommand.Cancel.class,
        footer = {"", "Examples:", "  sluice queue", "  sluice queue cancel 3"})
final class QueueCommand extends AdminCommand {
    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "Only of this pool (default: all).",
            defaultValue = "")
    String pool = "";

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ListQueueReply reply =
                client.call(stub ->
                        stub.listQueue(ListQueueRequest.newBuilder().setPool(pool).build()));
        output.print(out(), reply, text(reply).stripTrailing());
        return ExitCode.DONE;
    }

    static String text(ListQueueReply reply) {
        StringBuilder text = new StringBuilder();
        for (PoolQueue queue : reply.getQueuesList()) {
            text.append("pool ").append(queue.getPool());
            if (queue.getChangesCount() == 0) {
                text.append("   nothing is queued\n");
                continue;
            }
            text.append('\n');
            Table table = new Table("  ", "ID", "CHANGE", "QUEUED BY", "AT");
            queue.getChangesList().forEach(change -> row(table, change));
            text.append(table);
            queue.getWaitingForList()
                    .forEach(reason -> text.append("  waiting: ").append(reason).append('\n'));
        }
        return text.toString();
    }

    private static void row(Table table, QueuedChange change) {
        table.row(
                Long.toString(change.getId()),
                change.getChange(),
                change.getActor(),
                Words.time(change.getQueuedUnixMs()));
    }

    @Command(
            name = "cancel",
            description = "Take a change out of the queue; one that has begun is not touched.",
            footer = {"", "Example:", "  sluice queue cancel 3"})
    static final class Cancel extends AdminCommand {
        @Parameters(paramLabel = "ID", description = "As 'sluice queue' shows it.")
        long id;

        @Option(
                names = "--pool",
                paramLabel = "POOL",
                description = "Of this pool: needed if several pools have queued that id.",
                defaultValue = "")
        String pool = "";

        @Mixin private ReplyOutput output = new ReplyOutput();

        @Override
        int run(AdminClient client) throws Failure {
            CancelQueuedReply reply =
                    client.call(stub ->
                            stub.cancelQueued(
                                    CancelQueuedRequest.newBuilder()
                                            .setId(id)
                                            .setPool(pool)
                                            .setActor(claim())
                                            .build()));
            output.print(
                    out(),
                    reply,
                    "pool "
                            + reply.getPool()
                            + ": cancelled "
                            + id
                            + ", "
                            + reply.getCancelled().getChange());
            return ExitCode.DONE;
        }
    }
}
