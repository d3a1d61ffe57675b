package dev.sluice.chaos;

import dev.sluice.cli.SluiceCommands;
import dev.sluice.lab.Lab;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** What an operator's command printed, and its exit code. */
record OperatorCommand(int exitCode, String output) {

    /** Runs {@code sluice ARGUMENTS} against a lab's control processes, in this process. */
    static OperatorCommand run(Lab lab, String... arguments) {
        StringWriter output = new StringWriter();
        CommandLine root = new CommandLine(CommandSpec.create().name("sluice"));
        SluiceCommands.addTo(root);
        root.setOut(new PrintWriter(output, true)).setErr(new PrintWriter(output, true));
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--control", lab.directory().sockets().toString()));
        return new OperatorCommand(root.execute(line.toArray(String[]::new)), output.toString());
    }
}
