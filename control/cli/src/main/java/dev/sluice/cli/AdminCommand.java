package dev.sluice.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** What all commands share: the socket, the output, and how failures end. */
abstract class AdminCommand implements Callable<Integer> {
    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            defaultValue = "${env:SLUICE_CONTROL:-/run/sluice}",
            description =
                    "Admin socket of a control process, or a folder of such sockets: then the first"
                            + " that answers (default: ${DEFAULT-VALUE}).")
    Path control = Path.of("/run/sluice");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec CommandSpec spec = CommandSpec.create();

    /** The command itself, against a control process. */
    abstract int run(AdminClient client) throws Failure;

    @Override
    public final Integer call() {
        try (AdminClient client = AdminClient.to(control)) {
            return run(client);
        } catch (Failure e) {
            err().println(e.getMessage());
            return e.exitCode();
        } finally {
            out().flush();
            err().flush();
        }
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** What the audit log cannot know from the socket: the person behind sudo; else empty. */
    static String claim() {
        String sudo = System.getenv("SUDO_USER");
        return sudo == null ? "" : sudo;
    }
}
