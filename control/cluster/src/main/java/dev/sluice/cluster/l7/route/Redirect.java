package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Sends clients elsewhere (RFC 9110 §15.4).
 *
 * @param code 301, 302, 303, 307 or 308
 * @param scheme {@code http} or {@code https}; empty for that of the request
 * @param authority host and perhaps port; empty for the request's host, whose port stays if the
 *     scheme does
 * @param keepQuery the location has the request's query
 */
public record Redirect(
        int code,
        Optional<String> scheme,
        Optional<String> authority,
        PathChange path,
        boolean keepQuery)
        implements Action {
    private static final Map<String, Integer> CODES =
            Map.of("301", 301, "302", 302, "303", 303, "307", 307, "308", 308);
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");

    static Redirect read(Section section, PathMatch match) {
        Redirect redirect =
                new Redirect(
                        section.optional(
                                "code",
                                Scalars.oneOf(CODES, List.of("301", "302", "303", "307", "308")),
                                302),
                        section.maybe("scheme", schemes()),
                        section.maybe("host", authorities()),
                        PathChange.read(section, match),
                        section.optional("query", query(), true));
        if (redirect.changesNothing()) {
            section.problem(
                    "leads to where the request is already",
                    "",
                    "give it 'scheme', 'host', 'prefix', 'path' or 'regex'");
        }
        return redirect;
    }

    private boolean changesNothing() {
        return scheme.isEmpty() && authority.isEmpty() && path instanceof PathChange.Keep;
    }

    /** Of the location, in lower case and without port. */
    public Optional<String> host() {
        return authority.map(text -> PORT.matcher(text).replaceFirst(""));
    }

    static Scalar<String> schemes() {
        return Scalars.oneOf(List.of("http", "https"));
    }

    /** A host, and a port if it is not the scheme's own. */
    static Scalar<String> authorities() {
        return Scalars.explained(
                "a", Redirect::parseAuthority, "a host, or host:port with a port from 1 to 65535");
    }

    private static String parseAuthority(String text) {
        String host = PORT.matcher(text).replaceFirst("");
        String port = text.substring(host.length());
        if (!isHost(host)) {
            throw new IllegalArgumentException("is no host");
        }
        if (!port.isEmpty() && !HostSyntax.isPort(port.substring(1))) {
            throw new IllegalArgumentException("has a port that there is not");
        }
        return host.toLowerCase(Locale.ROOT) + port;
    }

    private static boolean isHost(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        return HostSyntax.NAME.matcher(host).matches() || HostSyntax.IPV6.matcher(host).matches();
    }

    private static Scalar<Boolean> query() {
        return Scalars.oneOf(Map.of("keep", true, "drop", false), List.of("keep", "drop"));
    }
}
