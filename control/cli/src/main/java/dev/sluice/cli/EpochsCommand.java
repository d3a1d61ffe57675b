package dev.sluice.cli;

import dev.sluice.proto.admin.v1.EpochHold;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.HeldEpoch;
import dev.sluice.proto.admin.v1.ListEpochsReply;
import dev.sluice.proto.admin.v1.ListEpochsRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.stream.Collectors;

@Command(
        name = "epochs",
        description = {
            "Show each pool's live and pending epochs, and what holds each open: who, on how many",
            "rows, with how many connections.",
        },
        footer = {"", "Examples:", "  sluice epochs", "  sluice epochs --pool web -o json"})
final class EpochsCommand extends AdminCommand {
    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "Only of this pool (default: all).",
            defaultValue = "")
    String pool = "";

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ListEpochsReply reply =
                client.call(stub ->
                        stub.listEpochs(ListEpochsRequest.newBuilder().setPool(pool).build()));
        output.print(out(), reply, text(reply).stripTrailing());
        return ExitCode.DONE;
    }

    static String text(ListEpochsReply reply) {
        StringBuilder text = new StringBuilder();
        reply.getPoolsList()
                .forEach(pool -> {
                    text.append("pool ").append(pool.getPool());
                    text.append("   generation ").append(pool.getGeneration()).append('\n');
                    pool.getEpochsList().forEach(epoch -> epoch(text, epoch, reply.getUnixMs()));
                });
        return text.toString();
    }

    private static void epoch(StringBuilder text, HeldEpoch held, long nowUnixMs) {
        EpochStatus epoch = held.getEpoch();
        text.append("  epoch ").append(epoch.getId());
        text.append("   ").append(Words.of(epoch.getPhase()));
        if (epoch.getCommitGeneration() > 0) {
            text.append("   since generation ").append(epoch.getCommitGeneration());
        }
        if (epoch.getDeadlineUnixMs() > 0) {
            text.append(
                    epoch.getExpired()
                            ? "   deadline passed"
                            : "   deadline in "
                                    + Words.duration(epoch.getDeadlineUnixMs() - nowUnixMs));
        }
        text.append("   ")
                .append(
                        epoch.getMembersList().stream()
                                .map(m -> m.getProxy() + "=" + m.getWeight())
                                .collect(Collectors.joining(" ")))
                .append('\n');
        held.getHoldsList().forEach(hold -> text.append("    ").append(hold(hold)).append('\n'));
        if (held.getHoldsCount() == 0 && epoch.getPhase() != EpochPhase.EPOCH_PHASE_NEWEST) {
            text.append("    nothing holds it: the leader's next step\n");
        }
    }

    private static String hold(EpochHold hold) {
        return hold.getRows() == 0
                ? hold.getText()
                : hold.getText() + " (" + Words.count(hold.getRows(), "row") + ")";
    }
}
