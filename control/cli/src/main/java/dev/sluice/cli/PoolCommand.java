package dev.sluice.cli;

import dev.sluice.proto.admin.v1.RepairPoolReply;
import dev.sluice.proto.admin.v1.RepairPoolRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(
        name = "pool",
        description = "Look after the pools' records.",
        subcommands = {PoolCommand.Repair.class, PoolCommand.HashFields.class},
        footer = {"", "Example:", "  sluice pool repair web"})
final class PoolCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    @Command(
            name = "repair",
            description = {
                "Write a pool's last good state again, over a node in ZooKeeper that holds junk.",
                "The hosts go on by that state in any case; until the repair nothing can change.",
                "Refused by a control process that knows less than the hosts do: ask another one.",
            },
            footer = {"", "Example:", "  sluice pool repair web"})
    static final class Repair extends AdminCommand {
        @Parameters(paramLabel = "POOL", description = "Its name, as 'sluice status' shows it.")
        String pool = "";

        @Mixin private ReplyOutput output = new ReplyOutput();

        @Override
        int run(AdminClient client) throws Failure {
            RepairPoolReply reply =
                    client.call(stub ->
                            stub.repairPool(
                                    RepairPoolRequest.newBuilder()
                                            .setPool(pool)
                                            .setActor(claim())
                                            .build()));
            output.print(out(), reply, reply.getEffect());
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "hash-fields",
            description = {
                "Change which fields of a packet choose its row, without cutting a connection: chains",
                "go by the present fields and the new ones until no connection is left that only the",
                "former find ('sluice epochs' says who holds one). No other change of the pool begins",
                "meanwhile; until it is committed 'sluice abort' gives it up.",
            },
            footer = {
                "",
                "Example:",
                "  sluice pool hash-fields source-address destination-address --pool web",
            })
    static final class HashFields extends ChangeCommand {
        @Mixin Arguments.HashFields arguments = new Arguments.HashFields();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }
}
