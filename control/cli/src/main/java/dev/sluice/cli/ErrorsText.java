package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ListMalformedReply;
import dev.sluice.proto.cluster.v1.MalformedMessage;
import dev.sluice.proto.cluster.v1.ProxyAnswer;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What {@code sluice errors} prints: each message as a dump with its fault marked. */
final class ErrorsText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    private ErrorsText() {}

    static String of(ListMalformedReply reply) {
        StringBuilder text = new StringBuilder();
        reply.getProxiesList().forEach(proxy -> add(text, proxy));
        return reply.getProxiesCount() == 0 ? "no proxy runs\n" : text.toString();
    }

    private static void add(StringBuilder text, ProxyAnswer proxy) {
        text.append(proxy.getProxy());
        if (!proxy.getProblem().isEmpty()) {
            text.append(": NO ANSWER: ").append(proxy.getProblem()).append('\n');
            return;
        }
        text.append(proxy.getMalformedCount() == 0 ? ": no malformed messages\n" : "\n");
        proxy.getMalformedList().forEach(message -> add(text, message));
    }

    private static void add(StringBuilder text, MalformedMessage message) {
        text.append("  ").append(TIME.format(Instant.ofEpochMilli(message.getUnixMs())));
        text.append("  ").append(message.getSide()).append(" of ").append(message.getRemote());
        text.append("  ").append(message.getVersion());
        text.append("  ").append(message.getReason());
        if (!message.getDetail().isEmpty()) {
            text.append(": ").append(message.getDetail());
        }
        text.append('\n');
        byte[] octets = message.getOctets().toByteArray();
        HexDump.append(text, "    ", octets, message.getBegin(), message.getFault());
        int left = message.getSize() - message.getBegin() - octets.length;
        if (left > 0) {
            text.append("    and ").append(left).append(" more bytes\n");
        }
    }
}
