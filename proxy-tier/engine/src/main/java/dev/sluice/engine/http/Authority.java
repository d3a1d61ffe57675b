package dev.sluice.engine.http;

import dev.sluice.cluster.pool.Address;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Host and optional port (RFC 9110 §7.2), without userinfo.
 *
 * @param text as it was written
 * @param host in lower case, without port and trailing dot; IPv6 in brackets
 */
record Authority(String text, String host) {
    private static final int LONGEST = 255 + 6;

    /** Null if it is not valid. */
    static @Nullable Authority parse(String text) {
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : hostEnd(text);
        if (end == 0 || text.length() > LONGEST || !isPort(text.substring(end))) {
            return null;
        }
        String host = text.substring(0, end).toLowerCase(Locale.ROOT);
        boolean valid = host.startsWith("[") ? isIpv6(host) : isName(host);
        return valid ? new Authority(text, withoutDot(host)) : null;
    }

    private static int hostEnd(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        boolean digits =
                text.length() >= 2
                        && text.length() <= 6
                        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
        return text.charAt(0) == ':' && digits && Integer.parseInt(text.substring(1)) <= 0xffff;
    }

    private static boolean isIpv6(String host) {
        try {
            return !Address.parse(host.substring(1, host.length() - 1)).isIpv4();
        } catch (IllegalArgumentException ignored) {
            return false;
        }
    }

    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean emptyLabel = c == '.' && (i == 0 || host.charAt(i - 1) == '.');
            if (emptyLabel || !(Tokens.isAlphanumeric(c) || c == '.' || c == '-' || c == '_')) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
