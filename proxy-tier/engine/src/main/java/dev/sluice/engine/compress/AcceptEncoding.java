package dev.sluice.engine.compress;

import dev.sluice.cluster.l7.route.Compression.Coding;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Tokens;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which coding a client would like best (RFC 9110 §12.5.3). */
final class AcceptEncoding {
    private static final Pattern MEMBER =
            Pattern.compile("([^;\\s]+)(?:\\s*;\\s*q\\s*=\\s*([01](?:\\.[0-9]{0,3})?))?");
    private static final double UNSAID = -1;

    private AcceptEncoding() {}

    /**
     * Null if the response had better stay as it is.
     *
     * @param offered the one that we like best first; it counts where the client does not care
     */
    static @Nullable Coding choose(Fields request, List<Coding> offered) {
        if (!request.has(Names.ACCEPT_ENCODING)) {
            return null;
        }
        List<String> members = Tokens.of(request, Names.ACCEPT_ENCODING);
        double any = quality(members, "*");
        Coding best = null;
        // Without a word of its own, identity is the last resort.
        double most = Math.max(0, quality(members, "identity"));
        for (Coding coding : offered) {
            double own = quality(members, coding);
            double quality = own == UNSAID ? any : own;
            if (quality > most || (best == null && quality == most && quality > 0)) {
                best = coding;
                most = quality;
            }
        }
        return best;
    }

    private static double quality(List<String> members, Coding coding) {
        double own = quality(members, coding.token());
        // RFC 9110 §8.4.1.3: an old name of the same.
        return own == UNSAID && coding == Coding.GZIP ? quality(members, "x-gzip") : own;
    }

    /** What is written in some other way is not wanted. */
    private static double quality(List<String> members, String name) {
        for (String member : members) {
            if (member.startsWith(name)) {
                Matcher written = MEMBER.matcher(member);
                boolean valid = written.matches();
                if (!valid && member.startsWith(name + ";")) {
                    return 0;
                }
                if (valid && name.equals(written.group(1))) {
                    String quality = written.group(2);
                    return quality == null ? 1 : Math.min(1, Double.parseDouble(quality));
                }
            }
        }
        return UNSAID;
    }
}
