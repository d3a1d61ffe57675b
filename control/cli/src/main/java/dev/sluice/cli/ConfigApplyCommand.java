package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ApplyConfigReply;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

@Command(
        name = "apply",
        description = {
            "Check a configuration and make it the active one on all proxies.",
            "A file with a problem is refused as a whole, with all its problems.",
        },
        footer = {"", "Example:", "  sluice config apply -f site.yaml"})
final class ConfigApplyCommand extends AdminCommand {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The YAML file; - reads standard input.")
    String file = "";

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        ApplyConfigRequest request =
                ApplyConfigRequest.newBuilder()
                        .setSource(read())
                        .setOrigin(file.equals("-") ? "standard input" : file)
                        .setActor(claim())
                        .build();
        ApplyConfigReply reply = client.call(stub -> stub.applyConfig(request));
        output.print(
                out(),
                reply,
                "revision "
                        + reply.getRevision()
                        + (reply.getUnchanged() ? " is active already" : " is active"));
        return ExitCode.DONE;
    }

    private String read() throws Failure {
        try {
            return file.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    file + " cannot be read as UTF-8 text (" + e + "); name a readable file");
        }
    }
}
