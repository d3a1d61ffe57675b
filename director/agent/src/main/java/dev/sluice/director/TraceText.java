package dev.sluice.director;

import dev.sluice.cluster.table.ChainReasons.Reason;
import dev.sluice.cluster.table.FlowKey;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A trace for people and for programs.
 *
 * @param trace empty: the flow is no pool's
 */
record TraceText(String director, FlowKey flow, Optional<Trace> trace) {

    String text() {
        if (trace.isEmpty()) {
            return director + ": no bind matches " + name() + ": left to the kernel\n";
        }
        Trace found = trace.get();
        StringBuilder text = new StringBuilder();
        text.append("%s: %s%n".formatted(director, name()));
        text.append(
                "  bind %s   pool %s   generation %d   hash %016x   row %d%n"
                        .formatted(
                                found.bind(),
                                found.pool(),
                                found.generation(),
                                found.hash(),
                                found.row()));
        for (int i = 0; i < found.hops().size(); i++) {
            Reason hop = found.hops().get(i);
            text.append(
                    "  %d. %s %s   %s   %s%n"
                            .formatted(
                                    i + 1,
                                    hop.proxy().id(),
                                    hop.proxy().address(),
                                    hop.open() ? "open" : "closed",
                                    hop.why()));
        }
        text.append(
                found.agrees()
                        ? ""
                        : "  The program's chain is none that this state makes: report this.\n");
        return text.toString();
    }

    String json() {
        String found = trace.map(TraceText::json).orElse("null");
        return "{\"director\":\"%s\",\"flow\":\"%s\",\"trace\":%s}%n"
                .formatted(director, name(), found);
    }

    private static String json(Trace trace) {
        return ("{\"pool\":\"%s\",\"bind\":\"%s\",\"generation\":%d,\"hash\":\"%016x\",\"row\":%d,"
                        + "\"agrees\":%b,\"chain\":[%s]}")
                .formatted(
                        trace.pool(),
                        trace.bind(),
                        trace.generation(),
                        trace.hash(),
                        trace.row(),
                        trace.agrees(),
                        trace.hops().stream()
                                .map(TraceText::json)
                                .collect(Collectors.joining(",")));
    }

    private static String json(Reason hop) {
        return "{\"proxy\":\"%s\",\"address\":\"%s\",\"open\":%b,\"why\":\"%s\"}"
                .formatted(hop.proxy().id(), hop.proxy().address(), hop.open(), hop.why());
    }

    private String name() {
        return "%s:%d → %s:%d/%s"
                .formatted(
                        flow.source(),
                        flow.sourcePort(),
                        flow.destination(),
                        flow.destinationPort(),
                        flow.protocol().name().toLowerCase(Locale.ROOT));
    }
}
