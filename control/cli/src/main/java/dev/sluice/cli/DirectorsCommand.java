package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ListDirectorsReply;
import dev.sluice.proto.admin.v1.ListDirectorsRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "directors",
        description = {
            "Show the directors: state, acknowledged generations, and with -o wide what each has",
            "counted: packets by pool and verdict, packets and bytes by bind and by hop.",
        },
        subcommands = DirectorsRemoveCommand.class,
        footer = {
            "",
            "Examples:",
            "  sluice directors",
            "  sluice directors -o wide",
            "  sluice directors -o json",
            "  sluice directors remove director-2",
        })
final class DirectorsCommand extends AdminCommand {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = {
                "text, wide or json (default: ${DEFAULT-VALUE}). For wide and json every director",
                "is asked for its counters, which count since its program's maps were made.",
            })
    Format output = Format.text;

    /** As operators write them. */
    enum Format {
        text,
        wide,
        json
    }

    @Override
    int run(AdminClient client) throws Failure {
        ListDirectorsRequest request =
                ListDirectorsRequest.newBuilder().setCounters(output != Format.text).build();
        ListDirectorsReply reply = client.call(stub -> stub.listDirectors(request));
        out().println(
                        switch (output) {
                            case json -> Json.pretty(reply);
                            case text -> DirectorsText.of(reply).stripTrailing();
                            case wide -> DirectorsText.wide(reply).stripTrailing();
                        });
        return ExitCode.DONE;
    }
}
