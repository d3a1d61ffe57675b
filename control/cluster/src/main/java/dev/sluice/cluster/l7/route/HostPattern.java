package dev.sluice.cluster.l7.route;

import java.util.Locale;

/** Which hosts a route is for. Names are lower case, without port or trailing dot. */
public sealed interface HostPattern {

    /** One name or address literal (IPv6 in brackets). */
    record Exact(String host) implements HostPattern {
        @Override
        public String toString() {
            return host;
        }
    }

    /**
     * Every name below a domain, at any depth: {@code *.example.org}.
     *
     * @param suffix with its leading dot: {@code .example.org}
     */
    record Below(String suffix) implements HostPattern {
        @Override
        public String toString() {
            return "*" + suffix;
        }
    }

    /** Every host. */
    record Any() implements HostPattern {
        @Override
        public String toString() {
            return "*";
        }
    }

    /** Reads {@code www.example.org}, {@code *.example.org}, {@code [2001:db8::1]}, {@code *}. */
    static HostPattern parse(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        if (host.equals("*")) {
            return new Any();
        }
        boolean below = host.startsWith("*.");
        String name = below ? host.substring(2) : host;
        if (!HostSyntax.NAME.matcher(name).matches()
                && (below || !HostSyntax.IPV6.matcher(name).matches())) {
            throw new IllegalArgumentException("'" + text + "' is not a host pattern");
        }
        return below ? new Below("." + name) : new Exact(name);
    }

    /** Whether it is for every host that the other one is for. */
    default boolean covers(HostPattern other) {
        return switch (this) {
            case Any _ -> true;
            case Exact _ -> equals(other);
            case Below(String suffix) ->
                    switch (other) {
                        case Any _ -> false;
                        case Exact(String host) -> host.endsWith(suffix);
                        case Below(String theirs) -> theirs.endsWith(suffix);
                    };
        };
    }

    /** Whether no host is for both. */
    default boolean isDisjointFrom(HostPattern other) {
        return !covers(other) && !other.covers(this);
    }

    /** How specific it is; higher goes first. */
    default int rank() {
        return switch (this) {
            case Exact _ -> Integer.MAX_VALUE;
            case Below(String suffix) -> suffix.length();
            case Any _ -> 0;
        };
    }
}
