package dev.sluice.launcher;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.director.DirectorRole;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;

/** The director's role. */
@Command(
        name = "director",
        description = "Be a director or its watchdog, or withdraw one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = DirectorCaptureCommand.class,
        footer = {"", "Example:", "  sluice director run --config /etc/sluice/director.yaml"})
final class DirectorCommand {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Command(
            name = "run",
            description = {
                "Run a director until it is told to stop.",
                "Packets go on by its XDP program and tables after that."
            },
            footer = {"", "Example:", "  sluice director run --config /etc/sluice/director.yaml"})
    int run(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.run(file);
    }

    @Command(
            name = "watchdog",
            description = {
                "Outlive a director's process beside it, by the same file.",
                "When that process is dead and its table has been older than ZooKeeper's for a",
                "while (watchdog.patience), the host is withdrawn: 'announce.down' is run, and",
                "nobody waits for it any more. The process undoes it when it returns. With",
                "ZooKeeper away, or with a table that is current, nothing happens."
            },
            footer = {
                "",
                "Example:",
                "  sluice director watchdog --config /etc/sluice/director.yaml"
            })
    int watchdog(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.watchdog(file);
    }

    @Command(
            name = "withdraw",
            description =
                    "Take a stopped director out of service: routers are told, and nobody waits for"
                            + " it any more.",
            footer = {
                "",
                "Example:",
                "  sluice director withdraw --config /etc/sluice/director.yaml"
            })
    int withdraw(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.withdraw(file);
    }

    @Command(
            name = "trace",
            description = {
                "Say where this director sends a flow, and why: bind, hash, row, generation, and the"
                        + " reason for each hop's place.",
                "The chain is what the real program does with the flow's first packet; exit code 1 if"
                        + " the state does not explain it."
            },
            footer = {
                "",
                "Example:",
                "  sluice director trace --config /etc/sluice/director.yaml 192.0.2.7:40000"
                        + " 203.0.113.10:443"
            })
    int trace(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file,
            @Option(
                            names = "--proto",
                            paramLabel = "tcp|udp",
                            defaultValue = "tcp",
                            converter = ProtocolConverter.class)
                    Protocol proto,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "SRC:PORT", converter = HostPortConverter.class)
                    HostPort client,
            @Parameters(paramLabel = "VIP:PORT", converter = HostPortConverter.class) HostPort vip)
            throws InterruptedException {
        FlowKey flow =
                new FlowKey(proto, client.address(), client.port(), vip.address(), vip.port());
        if (client.address().isIpv4() != vip.address().isIpv4()) {
            throw new ParameterException(
                    spec.commandLine(),
                    client + " and " + vip + " are not of one version of IP: no packet has both");
        }
        return DirectorRole.trace(file, flow, output.isJson(), spec.commandLine().getOut());
    }
}
