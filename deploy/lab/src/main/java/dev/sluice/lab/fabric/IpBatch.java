package dev.sluice.lab.fabric;

import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Many {@code ip} commands in one process: a fabric of ten nodes takes a tenth of a second. */
final class IpBatch {
    private final List<String> command;
    private final List<String> lines = new ArrayList<>();

    private IpBatch(List<String> command) {
        this.command = command;
    }

    static IpBatch onHost() {
        return new IpBatch(List.of("ip", "-batch", "-"));
    }

    static IpBatch in(String namespace) {
        return new IpBatch(List.of("ip", "-n", namespace, "-batch", "-"));
    }

    IpBatch add(String line) {
        lines.add(line);
        return this;
    }

    /** Stops at the first command that fails and says which. */
    void run() throws IOException {
        Command.Result result = Command.run(command, String.join("\n", lines) + "\n");
        if (result.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output());
        }
    }
}
