package dev.sluice.engine.capture;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Hides what proves who somebody is. A message that is not valid need not end its lines, nor its
 * names, as it should: what is in doubt is hidden.
 */
final class Masking {
    private static final byte MASK = '*';
    private static final byte DELETE = 0x7f;

    /** Lower case. */
    private static final List<byte[]> SECRET =
            List.of("authorization", "proxy-authorization", "cookie", "set-cookie").stream()
                    .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                    .toList();

    private Masking() {}

    /**
     * Masks within the array: values of secret fields up to a whole line end that no folded line
     * follows.
     *
     * @param fault the one octet that is shown in any case
     * @return the array
     */
    static byte[] of(byte[] octets, int fault) {
        byte shown = fault < octets.length ? octets[fault] : 0;
        int at = 0;
        while (at < octets.length) {
            int name = secretEnd(octets, at);
            at = name > at ? maskLine(octets, name) : lineEnd(octets, at);
        }
        if (breaksOffAName(octets, fault)) {
            maskLine(octets, fault + 1);
        }
        if (fault < octets.length) {
            octets[fault] = shown;
        }
        return octets;
    }

    /** Whether it stands in a field ahead of the colon: nobody knows what the name was to be. */
    private static boolean breaksOffAName(byte[] octets, int fault) {
        for (int at = Math.min(fault, octets.length) - 1; at >= 0; at--) {
            if (octets[at] == ':') {
                return false;
            }
            if (octets[at] == '\n') {
                // What is odd ahead of a name is looked past, and behind it the name is known.
                return at < fault - 1 && isMoreOfAName(octets, fault + 1);
            }
        }
        // The first line, which has no name.
        return false;
    }

    private static boolean isMoreOfAName(byte[] octets, int at) {
        return at < octets.length && !isOdd(octets[at]) && octets[at] != ':';
    }

    /**
     * Behind the name of the secret field whose line begins there; not beyond it if there is none.
     */
    private static int secretEnd(byte[] octets, int line) {
        int at = line;
        while (at < octets.length && isOdd(octets[at])) {
            at++;
        }
        for (byte[] name : SECRET) {
            if (isAt(octets, at, name)) {
                return at + name.length;
            }
        }
        return line;
    }

    /** What has no place ahead of a name. */
    private static boolean isOdd(byte octet) {
        // Negative is what is not ASCII.
        return (octet <= ' ' && octet != '\n') || octet == DELETE;
    }

    private static boolean isAt(byte[] octets, int at, byte[] name) {
        if (at + name.length > octets.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (Character.toLowerCase(octets[at + i]) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static int lineEnd(byte[] octets, int from) {
        int at = from;
        while (at < octets.length && octets[at] != '\n' && octets[at] != '\r') {
            at++;
        }
        return at + 1;
    }

    private static int maskLine(byte[] octets, int from) {
        int at = from;
        while (at < octets.length && !isWholeEnd(octets, at)) {
            byte octet = octets[at];
            boolean frames = octet == ':' && at == from;
            octets[at] = frames || octet == ' ' || octet == '\r' || octet == '\n' ? octet : MASK;
            at++;
        }
        return at;
    }

    private static boolean isWholeEnd(byte[] octets, int at) {
        boolean ends = octets[at] == '\r' && at + 1 < octets.length && octets[at + 1] == '\n';
        boolean folded =
                at + 2 < octets.length && (octets[at + 2] == ' ' || octets[at + 2] == '\t');
        return ends && !folded;
    }
}
