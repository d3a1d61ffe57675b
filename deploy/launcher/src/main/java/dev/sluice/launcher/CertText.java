package dev.sluice.launcher;

import dev.sluice.engine.tls.CertificateCheck.Findings;
import dev.sluice.engine.tls.CertificateFacts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What a check of certificates found, for people and for programs. */
final class CertText {
    private CertText() {}

    /** A paragraph a certificate, then what is about none of them. */
    static String text(Findings findings, Instant now) {
        StringBuilder text = new StringBuilder();
        for (CertificateFacts one : findings.certificates()) {
            text.append(one.file()).append('\n');
            line(text, "names", one.names().isEmpty() ? "none" : String.join(", ", one.names()));
            line(text, "key", one.key());
            line(text, "ends", one.end() + left(one.end(), now));
            line(text, "chain", String.join(" ← ", one.chain()));
            line(text, "issuer", one.issuer());
            one.staple().ifPresent(end -> line(text, "staple", "until " + end));
            one.warnings().forEach(warning -> line(text, "warning", warning));
        }
        findings.warnings()
                .forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append("  %-9s".formatted(what)).append(visible(value)).append('\n');
    }

    private static String left(Instant end, Instant now) {
        return end.isBefore(now) ? "" : " (in " + Duration.between(now, end).toDays() + " days)";
    }

    /** Names in certificates are their makers' own words. */
    private static String visible(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** An object with {@code certificates}, {@code problems} and {@code warnings}. */
    static String json(Findings findings) {
        List<String> problems = findings.problems().stream().map(Object::toString).toList();
        return "{\"certificates\":%s,\"problems\":%s,\"warnings\":%s}\n"
                .formatted(
                        findings.certificates().stream()
                                .map(CertText::json)
                                .collect(Collectors.joining(",", "[", "]")),
                        texts(problems),
                        texts(findings.warnings()));
    }

    private static String json(CertificateFacts one) {
        return ("{\"file\":%s,\"names\":%s,\"key\":%s,\"begin\":\"%s\",\"end\":\"%s\",\"chain\":%s,"
                        + "\"issuer\":%s,\"stapleEnd\":%s,\"warnings\":%s}")
                .formatted(
                        text(one.file()),
                        texts(one.names()),
                        text(one.key()),
                        one.begin(),
                        one.end(),
                        texts(one.chain()),
                        text(one.issuer()),
                        one.staple().map(end -> text(end.toString())).orElse("null"),
                        texts(one.warnings()));
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(CertText::text).collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
