package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.cluster.v1.EndpointState;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.UpstreamState;

import java.util.Locale;

/** How endpoints are doing, for people. Pure. */
final class UpstreamsText {
    private static final int MICROS_PER_MILLI = 1_000;

    private UpstreamsText() {}

    /** Every proxy answered, and no upstream is in panic or without its lookups. */
    static boolean isClean(ListUpstreamsReply reply) {
        return reply.getProxiesList().stream()
                .allMatch(proxy ->
                        proxy.getProblem().isEmpty()
                                && proxy.getUpstreamsList().stream()
                                        .noneMatch(UpstreamsText::isInTrouble));
    }

    private static boolean isInTrouble(UpstreamState upstream) {
        return upstream.getPanic() || !upstream.getTrouble().isEmpty();
    }

    /**
     * Upstream by upstream within each proxy.
     *
     * @param name that was asked for; empty for all
     */
    static String of(String name, ListUpstreamsReply reply) {
        StringBuilder text = new StringBuilder();
        reply.getProxiesList().forEach(proxy -> add(text, name, proxy));
        return reply.getProxiesCount() == 0 ? "no proxy runs\n" : text.toString();
    }

    private static void add(StringBuilder text, String name, ProxyAnswer proxy) {
        text.append(proxy.getProxy());
        if (!proxy.getProblem().isEmpty()) {
            text.append(": NO ANSWER: ").append(proxy.getProblem()).append('\n');
            return;
        }
        if (proxy.getUpstreamsCount() == 0) {
            text.append(name.isEmpty() ? ": no upstreams" : ": no upstream '" + name + "'");
        }
        text.append('\n');
        proxy.getUpstreamsList().forEach(upstream -> add(text, upstream));
    }

    private static void add(StringBuilder text, UpstreamState upstream) {
        text.append("  ").append(upstream.getName());
        text.append("   requests ").append(upstream.getRequests());
        text.append("   ejections ").append(upstream.getEjections());
        if (upstream.getWaiting() > 0) {
            text.append("   WAITING ").append(upstream.getWaiting());
        }
        text.append(upstream.getPanic() ? "   PANIC: all are used, fit or not\n" : "\n");
        if (!upstream.getTrouble().isEmpty()) {
            text.append("    TROUBLE: ").append(upstream.getTrouble()).append('\n');
        }
        Table table =
                new Table(
                        "    ", "ENDPOINT", "ZONE", "USE", "WEIGHT", "IN FLIGHT", "LATENCY", "WHY");
        upstream.getEndpointsList().forEach(endpoint -> table.row(cells(endpoint)));
        text.append(upstream.getEndpointsCount() == 0 ? "    no endpoints\n" : table);
        if (upstream.getLeftOut() > 0) {
            text.append("    and ").append(upstream.getLeftOut()).append(" more\n");
        }
    }

    private static String[] cells(EndpointState endpoint) {
        return new String[] {
            endpoint.getAddress(),
            endpoint.getZone().isEmpty() ? "-" : endpoint.getZone(),
            endpoint.getUse(),
            Integer.toString(endpoint.getWeight()),
            Integer.toString(endpoint.getInFlight()),
            latency(endpoint.getLatencyUs()),
            String.join("; ", endpoint.getWhyList())
        };
    }

    private static String latency(long micros) {
        return micros == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1fms", (double) micros / MICROS_PER_MILLI);
    }
}
