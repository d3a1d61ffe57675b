package dev.sluice.cli;

import com.google.protobuf.Message;

import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.util.List;

/** How a command that gets one reply writes it. */
final class ReplyOutput {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    private Output output = Output.text;

    void print(PrintWriter out, Message reply, String text) {
        out.println(output == Output.json ? Json.pretty(reply) : text);
    }

    /** A line each, unless the reply is printed as it is, which has them. */
    void warn(PrintWriter err, List<String> warnings) {
        if (output == Output.text) {
            warnings.forEach(warning -> err.println("warning: " + warning));
        }
    }
}
