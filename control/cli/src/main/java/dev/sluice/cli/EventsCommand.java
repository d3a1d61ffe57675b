package dev.sluice.cli;

import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.ListEventsReply;
import dev.sluice.proto.admin.v1.ListEventsRequest;

import io.grpc.StatusRuntimeException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;

@Command(
        name = "events",
        description = {
            "Show who did what, when, and with what effect; the newest last.",
            "Commands are recorded under the user that the kernel names, each step of the leader",
            "under the control process's id.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice events",
            "  sluice events --follow",
            "  sluice events -n 200 -o json",
        })
final class EventsCommand extends AdminCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final long BEFORE_ALL = -1;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "The newest so many, up to 1000 (default: ${DEFAULT-VALUE}).",
            defaultValue = "50")
    int limit;

    @Option(
            names = {"-f", "--follow"},
            description = "Then show each new one as it comes, until Ctrl-C.")
    boolean follow;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description =
                    "text or json (default: ${DEFAULT-VALUE}); json with --follow: a line each.",
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
        if (follow) {
            reply.getEventsList().forEach(this::line);
            follow(client, last(reply.getEventsList()));
        } else if (output == Output.json) {
            out().println(Json.pretty(reply));
        } else {
            Table table =
                    new Table("", "TIME", "ACTOR", "ACTION", "SUBJECT", "EFFECT", "GENERATION");
            reply.getEventsList().forEach(event -> table.row(cells(event)));
            out().print(table);
        }
        return ExitCode.DONE;
    }

    private static long last(List<Event> events) {
        return events.isEmpty() ? BEFORE_ALL : events.getLast().getSequence();
    }

    /** Goes on after the last one seen when a control process or ZooKeeper was away. */
    private void follow(AdminClient client, long first) throws Failure {
        long seen = first;
        Away away = new Away(client);
        while (true) {
            try {
                long after = seen;
                Iterator<Event> events = away.open(() -> client.follow(after));
                while (events.hasNext()) {
                    Event event = events.next();
                    seen = event.getSequence();
                    line(event);
                    away.back();
                }
            } catch (StatusRuntimeException e) {
                away.endured(e);
            }
        }
    }

    private void line(Event event) {
        out().println(output == Output.json ? Json.line(event) : String.join("  ", cells(event)));
        out().flush();
    }

    private static String[] cells(Event event) {
        return new String[] {
            TIME.format(Instant.ofEpochMilli(event.getUnixMs())),
            event.getActor(),
            event.getAction(),
            event.getSubject(),
            event.getEffect(),
            event.getGeneration() == 0 ? "-" : Long.toString(event.getGeneration())
        };
    }
}
