package dev.sluice.cli;

import dev.sluice.proto.admin.v1.TraceFlowReply;
import dev.sluice.proto.cluster.v1.DirectorAnswer;
import dev.sluice.proto.cluster.v1.DirectorTrace;
import dev.sluice.proto.cluster.v1.TraceHop;

/** Where every director sends a flow, for people. Pure. */
final class TraceText {
    private TraceText() {}

    /** Every director answered, and nowhere do program and model disagree. */
    static boolean isClean(TraceFlowReply reply) {
        return reply.getDirectorsList().stream()
                .allMatch(d -> d.hasTrace() && d.getTrace().getDisagreementsCount() == 0);
    }

    static String of(String flow, TraceFlowReply reply) {
        StringBuilder text = new StringBuilder(flow).append('\n');
        reply.getDirectorsList().forEach(answer -> add(text, answer));
        reply.getWithdrawnList().forEach(id -> text.append(id).append(": withdrawn, not asked\n"));
        if (reply.getDirectorsCount() == 0) {
            text.append("no director takes part\n");
        }
        return text.toString();
    }

    private static void add(StringBuilder text, DirectorAnswer answer) {
        text.append(answer.getDirector()).append(": ");
        if (!answer.hasTrace()) {
            text.append("NO ANSWER: ").append(answer.getProblem()).append('\n');
            return;
        }
        DirectorTrace trace = answer.getTrace();
        text.append(trace.getVerdict());
        if (trace.getPool().isEmpty()) {
            text.append(": no bind matches, left to the kernel");
        }
        text.append('\n');
        if (!trace.getPool().isEmpty()) {
            text.append(tables(trace));
        }
        int place = 1;
        for (TraceHop hop : trace.getChainList()) {
            text.append("  ").append(place++).append(". ").append(hop.getProxy());
            text.append(' ').append(hop.getAddress());
            text.append("   ").append(hop.getOpen() ? "open" : "closed");
            text.append("   ").append(hop.getWhy()).append('\n');
        }
        trace.getDisagreementsList()
                .forEach(d -> text.append("  MISMATCH, report this: ").append(d).append('\n'));
    }

    private static String tables(DirectorTrace trace) {
        String bind = "  bind " + trace.getBind() + "   pool " + trace.getPool();
        return trace.getHash().isEmpty()
                ? bind + "\n"
                : bind
                        + "   generation "
                        + trace.getGeneration()
                        + "   hash "
                        + trace.getHash()
                        + "   row "
                        + trace.getRow()
                        + "\n";
    }
}
