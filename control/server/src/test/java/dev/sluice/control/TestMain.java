package dev.sluice.control;

import dev.sluice.cli.SluiceCommands;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.nio.file.Path;

/** What the launcher does, for tests that need a process to kill. */
final class TestMain {
    private TestMain() {}

    @Command(name = "sluice")
    static final class Root {}

    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Root());
        SluiceCommands.addTo(root);
        return root;
    }

    public static void main(String[] args) throws InterruptedException {
        if (args[0].equals("control")) {
            System.exit(ControlProcess.run(Path.of(args[1]), false));
        }
        System.exit(commandLine().execute(args));
    }
}
