package dev.sluice.director;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.proto.cluster.v1.DirectorTrace;
import dev.sluice.proto.cluster.v1.TraceHop;

import java.util.Locale;
import java.util.stream.Collectors;

/** A trace of this host for people and for programs. */
record TraceText(String director, FlowKey flow, Trace found) {

    String text() {
        DirectorTrace trace = Answers.of(found);
        StringBuilder text = new StringBuilder();
        text.append("%s: %s: %s%n".formatted(director, name(), trace.getVerdict()));
        if (!trace.getPool().isEmpty()) {
            text.append("  bind %s   pool %s".formatted(trace.getBind(), trace.getPool()));
            text.append(
                    trace.getHash().isEmpty()
                            ? "\n"
                            : "   generation %d   hash %s   row %d%n"
                                    .formatted(
                                            trace.getGeneration(),
                                            trace.getHash(),
                                            trace.getRow()));
        }
        int place = 1;
        for (TraceHop hop : trace.getChainList()) {
            text.append(
                    "  %d. %s %s   %s   %s%n"
                            .formatted(
                                    place++,
                                    hop.getProxy(),
                                    hop.getAddress(),
                                    hop.getOpen() ? "open" : "closed",
                                    hop.getWhy()));
        }
        trace.getDisagreementsList()
                .forEach(d -> text.append("  MISMATCH, report this: ").append(d).append('\n'));
        return text.toString();
    }

    String json() {
        DirectorTrace trace = Answers.of(found);
        return ("{\"director\":\"%s\",\"flow\":\"%s\",\"verdict\":\"%s\",\"pool\":\"%s\","
                        + "\"bind\":\"%s\",\"generation\":%d,\"hash\":\"%s\",\"row\":%d,"
                        + "\"agrees\":%b,\"disagreements\":[%s],\"chain\":[%s]}%n")
                .formatted(
                        director,
                        name(),
                        trace.getVerdict(),
                        trace.getPool(),
                        trace.getBind(),
                        trace.getGeneration(),
                        trace.getHash(),
                        trace.getRow(),
                        found.agrees(),
                        trace.getDisagreementsList().stream()
                                .map(d -> "\"" + d + "\"")
                                .collect(Collectors.joining(",")),
                        trace.getChainList().stream()
                                .map(TraceText::json)
                                .collect(Collectors.joining(",")));
    }

    private static String json(TraceHop hop) {
        return "{\"proxy\":\"%s\",\"address\":\"%s\",\"open\":%b,\"why\":\"%s\"}"
                .formatted(hop.getProxy(), hop.getAddress(), hop.getOpen(), hop.getWhy());
    }

    private String name() {
        return "%s:%d → %s:%d/%s"
                .formatted(
                        bracketed(flow.source()),
                        flow.sourcePort(),
                        bracketed(flow.destination()),
                        flow.destinationPort(),
                        flow.protocol().name().toLowerCase(Locale.ROOT));
    }

    private static String bracketed(Address address) {
        return address.isIpv4() ? address.toString() : "[" + address + "]";
    }
}
