package dev.sluice.cli;

import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.ListEventsReply;
import dev.sluice.proto.admin.v1.ListEventsRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

@Command(
        name = "events",
        description = "Show who did what, when, and with what effect; the newest last.",
        footer = {"", "Examples:", "  sluice events", "  sluice events -n 200 -o json"})
final class EventsCommand extends AdminCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "The newest so many, up to 1000 (default: ${DEFAULT-VALUE}).",
            defaultValue = "50")
    int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    Output output = Output.text;

    @Override
    int run(AdminClient client) throws Failure {
        if (limit < 1 || limit > 1000) {
            throw new Failure(ExitCode.USAGE, "--limit " + limit + "; allowed: 1 to 1000");
        }
        ListEventsReply reply =
                client.call(stub ->
                        stub.listEvents(ListEventsRequest.newBuilder().setLimit(limit).build()));
        if (output == Output.json) {
            out().println(Json.pretty(reply));
            return ExitCode.DONE;
        }
        Table table = new Table("", "TIME", "ACTOR", "ACTION", "SUBJECT", "EFFECT", "GENERATION");
        reply.getEventsList().forEach(event -> row(table, event));
        out().print(table);
        return ExitCode.DONE;
    }

    private static void row(Table table, Event event) {
        table.row(
                TIME.format(Instant.ofEpochMilli(event.getUnixMs())),
                event.getActor(),
                event.getAction(),
                event.getSubject(),
                event.getEffect(),
                event.getGeneration() == 0 ? "-" : Long.toString(event.getGeneration()));
    }
}
