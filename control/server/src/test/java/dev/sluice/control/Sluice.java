package dev.sluice.control;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The command line, called as a person would. */
final class Sluice {
    private final Path socket;

    Sluice(Path socket) {
        this.socket = socket;
    }

    /** What a finished command left. */
    record Result(int exit, String out, String err) {}

    /** A command that may still run. */
    record Running(StringWriter out, CompletableFuture<Result> result) {}

    Result run(String... args) {
        return start(args).result().join();
    }

    Running start(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                TestMain.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--control=" + socket);
        CompletableFuture<Result> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    int exit = line.execute(all.toArray(String[]::new));
                    result.complete(new Result(exit, out.toString(), err.toString()));
                });
        return new Running(out, result);
    }
}
