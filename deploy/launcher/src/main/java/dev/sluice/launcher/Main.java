package dev.sluice.launcher;

import dev.sluice.cli.SluiceCommands;
import dev.sluice.lab.LabException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Entry point of every command and of every role. Exit codes: 0 done, 1 failed, 2 usage, 3 refused.
 */
@Command(
        name = "sluice",
        description =
                "A dual-tier load balancer: an XDP director tier in front of a Netty proxy tier.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try it on this machine, as root:",
            "  sluice demo             the main job in one command",
            "  sluice up               a cluster of namespaces; then status, drain, down",
        })
public final class Main {
    private static final int FAILED = 1;
    private static final int REFUSED = 3;
    private static final List<Class<?>> LAB =
            List.of(
                    DemoCommand.class,
                    UpCommand.class,
                    DownCommand.class,
                    LabCommand.class,
                    ChaosCommand.class,
                    BenchCommand.class,
                    SimulateCommand.class);
    private static final List<Class<?>> ROLES =
            List.of(
                    ZooKeeperCommand.class,
                    ControlCommand.class,
                    DirectorCommand.class,
                    ProxyCommand.class);
    private static final Set<String> ROLE_NAMES =
            Set.of("zookeeper", "control", "director", "proxy");

    private Main() {}

    /** Exits when the command is done; a role runs until it is told to stop. */
    public static void main(String[] arguments) {
        setLogLevel(List.of(arguments));
        System.exit(commandLine().execute(arguments));
    }

    /** Before the first logger exists. */
    private static void setLogLevel(List<String> arguments) {
        boolean isRole = !arguments.isEmpty() && ROLE_NAMES.contains(arguments.getFirst());
        if (isRole && System.getProperty("sluice.log") == null) {
            System.setProperty("sluice.log", "INFO");
        }
    }

    /** What an operator can do something about is said in a sentence; the rest is our own fault. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed)
            throws Exception {
        PrintWriter err = command.getErr();
        return switch (failure) {
            case LabException e -> {
                err.println(e.getMessage());
                yield e.isRefused() ? REFUSED : FAILED;
            }
            case IOException e -> {
                // Of its subclasses, the name says more than the message.
                boolean isPlain = e.getClass() == IOException.class;
                err.println(isPlain ? e.getMessage() : e.toString());
                yield FAILED;
            }
            default -> throw failure;
        };
    }

    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Main());
        LAB.forEach(root::addSubcommand);
        SluiceCommands.addTo(root);
        Objects.requireNonNull(root.getSubcommands().get("config"))
                .addSubcommand(ConfigSchemaCommand.class);
        ROLES.forEach(root::addSubcommand);
        root.addSubcommand(DirectorCaptureCommand.class);
        root.addSubcommand(CertCommand.class);
        root.addSubcommand(GlbCommand.class);
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::explain);
    }
}
