package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Tokens;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Reads heads of requests (RFC 9112 §3): method, target, and version, one space between them. */
final class RequestParser extends HeadParser {
    private static final String VERSION = "HTTP/1.";

    /** Method, spaces and version around the target. */
    private static final int AROUND_TARGET_BYTES = 48;

    /** So that the usual ones need no new strings. */
    private static final String[] METHODS = {
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"
    };

    private final int maxTargetBytes;
    private String method = "";
    private String target = "";
    private int minor;

    /**
     * Reads heads within limits.
     *
     * @param fieldBytes of all fields of a head
     * @param fields of a head
     */
    RequestParser(int targetBytes, int fieldBytes, int fields) {
        super(Kind.REQUEST, new Limits(targetBytes + AROUND_TARGET_BYTES, fieldBytes, fields));
        maxTargetBytes = targetBytes;
    }

    static RequestParser within(Listener.Limits limits) {
        return new RequestParser(limits.targetBytes(), limits.headerBytes(), limits.fields());
    }

    String method() {
        return method;
    }

    String target() {
        return target;
    }

    /** Of the version: 0 or 1. */
    int minor() {
        return minor;
    }

    /** RFC 9112 §9.3: whether the client wants to go on after this request. */
    boolean staysOpen() {
        if (!fields().has(Names.CONNECTION)) {
            return minor > 0;
        }
        List<String> options = Tokens.of(fields(), Names.CONNECTION);
        return !options.contains("close")
                && (minor > 0 || options.contains(Names.KEEP_ALIVE.text()));
    }

    @Override
    @Nullable Failure firstLine(byte[] octets, int from, int to) {
        int methodEnd = from;
        while (methodEnd < to && Octets.isToken(octets[methodEnd])) {
            methodEnd++;
        }
        int targetAt = methodEnd + 1;
        int targetEnd = targetAt;
        while (targetEnd < to && Octets.isInTarget(octets[targetEnd])) {
            targetEnd++;
        }
        boolean spaced =
                methodEnd > from
                        && targetEnd > targetAt
                        && octets[methodEnd] == ' '
                        && targetEnd < to
                        && octets[targetEnd] == ' ';
        if (!spaced) {
            boolean afterMethod = methodEnd > from && octets[methodEnd] == ' ';
            return malformed(afterMethod ? targetEnd : methodEnd);
        }
        if (!version(octets, targetEnd + 1, to)) {
            return malformed(targetEnd + 1);
        }
        if (targetEnd - targetAt > maxTargetBytes) {
            return Failure.TARGET_TOO_LONG;
        }
        method = methodText(octets, from, methodEnd);
        target = text(octets, targetAt, targetEnd);
        return null;
    }

    /** RFC 9112 §2.3: the name is case-sensitive; HTTP/1.0 and HTTP/1.1 are known here. */
    private boolean version(byte[] octets, int from, int to) {
        if (!isVersion(octets, from, to)) {
            return false;
        }
        minor = octets[to - 1] - '0';
        return to - from == VERSION.length() + 1 && (minor == 0 || minor == 1);
    }

    /** Whether a version of HTTP/1 begins there. */
    static boolean isVersion(byte[] octets, int from, int to) {
        return to - from > VERSION.length() && isText(VERSION, octets, from);
    }

    private static boolean isText(String text, byte[] octets, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (octets[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String methodText(byte[] octets, int from, int to) {
        for (String known : METHODS) {
            if (to - from == known.length() && isText(known, octets, from)) {
                return known;
            }
        }
        return text(octets, from, to);
    }
}
