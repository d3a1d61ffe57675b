package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ChangeRequest;
import dev.sluice.proto.admin.v1.PlanReply;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(
        name = "plan",
        description = {
            "Show what a change would do, and whether it would be refused; nothing is done.",
            "The share of new connections that move, each proxy's load before and after, the",
            "connections that are displaced, the phases and whom they wait for, and what --force",
            "would risk.",
        },
        subcommands = {
            PlanCommand.Drain.class,
            PlanCommand.Fill.class,
            PlanCommand.Weight.class,
            PlanCommand.Replace.class,
            PlanCommand.Add.class,
            PlanCommand.Remove.class,
            PlanCommand.Settle.class,
        },
        footer = {
            "",
            "Examples:",
            "  sluice plan drain proxy-1 proxy-2",
            "  sluice plan weight proxy-1=3 -o json",
        })
final class PlanCommand implements Callable<Integer> {
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

    /** One kind of change. */
    abstract static class Plan extends AdminCommand {
        @Option(
                names = "--pool",
                paramLabel = "POOL",
                description = "Only in this pool (default: in all where it does something).",
                defaultValue = "")
        String pool = "";

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORMAT",
                description = "text or json (default: ${DEFAULT-VALUE}).",
                defaultValue = "text")
        Output output = Output.text;

        abstract Arguments arguments();

        @Override
        final int run(AdminClient client) throws Failure {
            ChangeRequest request =
                    ChangeRequest.newBuilder()
                            .setChange(arguments().change())
                            .setPool(pool)
                            .build();
            PlanReply reply = client.call(stub -> stub.planChange(request));
            out().println(
                            output == Output.json
                                    ? Json.pretty(reply)
                                    : PlanText.of(reply).stripTrailing());
            return reply.getPlansList().stream().anyMatch(plan -> plan.hasRefused())
                    ? ExitCode.REFUSED
                    : ExitCode.DONE;
        }
    }

    @Command(
            name = "drain",
            description = "Plan a drain.",
            footer = {"", "Example:", "  sluice plan drain proxy-1 --deadline 30m"})
    static final class Drain extends Plan {
        @Mixin Arguments.Drain arguments = new Arguments.Drain();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }

    @Command(
            name = "fill",
            description = "Plan a fill.",
            footer = {"", "Example:", "  sluice plan fill proxy-1"})
    static final class Fill extends Plan {
        @Mixin Arguments.Fill arguments = new Arguments.Fill();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }

    @Command(
            name = "weight",
            description = "Plan other weights.",
            footer = {"", "Example:", "  sluice plan weight proxy-1=3 proxy-2=1"})
    static final class Weight extends Plan {
        @Mixin Arguments.Weight arguments = new Arguments.Weight();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }

    @Command(
            name = "replace",
            description = "Plan a replacement.",
            footer = {"", "Example:", "  sluice plan replace proxy-1 proxy-9"})
    static final class Replace extends Plan {
        @Mixin Arguments.Replace arguments = new Arguments.Replace();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }

    @Command(
            name = "add",
            description = "Plan a registration.",
            footer = {"", "Example:", "  sluice plan add proxy-9 --address 198.18.9.2"})
    static final class Add extends Plan {
        @Mixin Arguments.Add arguments = new Arguments.Add();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }

    @Command(
            name = "remove",
            description = "Plan a removal.",
            footer = {"", "Example:", "  sluice plan remove proxy-9"})
    static final class Remove extends Plan {
        @Mixin Arguments.Remove arguments = new Arguments.Remove();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }

    @Command(
            name = "settle",
            description = "Plan to drop an older epoch.",
            footer = {"", "Example:", "  sluice plan settle 4"})
    static final class Settle extends Plan {
        @Mixin Arguments.Settle arguments = new Arguments.Settle();

        @Override
        Arguments arguments() {
            return arguments;
        }
    }
}
