package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.Condition;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Reads the values that requests carry under one name. */
interface Carried {

    /** Whether one of the values is as wanted. */
    boolean any(RequestHead head, Predicate<String> wanted);

    /** The first value, or null. */
    default @Nullable String first(RequestHead head) {
        @Nullable String[] found = new @Nullable String[1];
        any(
                head,
                value -> {
                    found[0] = value;
                    return true;
                });
        return found[0];
    }

    static Carried of(Condition.Source source, String name) {
        return switch (source) {
            case HEADER -> new Header(Name.of(name));
            case COOKIE -> new Cookie(name);
            case QUERY -> new Parameter(name);
        };
    }

    /** By lines: what is listed in one line is one value. */
    record Header(Name name) implements Carried {
        @Override
        public boolean any(RequestHead head, Predicate<String> wanted) {
            return head.fields().has(name) && head.fields().all(name).stream().anyMatch(wanted);
        }
    }

    /** RFC 6265 §4.2, as it comes: nothing is unquoted. */
    record Cookie(String name) implements Carried {
        @Override
        public boolean any(RequestHead head, Predicate<String> wanted) {
            if (!head.fields().has(Names.COOKIE)) {
                return false;
            }
            for (String line : head.fields().all(Names.COOKIE)) {
                for (String pair : line.split(";", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals >= 0
                            && pair.substring(0, equals).strip().equals(name)
                            && wanted.test(pair.substring(equals + 1).strip())) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** Of the query, as forms write it; what cannot be decoded is taken as it is. */
    record Parameter(String name) implements Carried {
        @Override
        public boolean any(RequestHead head, Predicate<String> wanted) {
            String query = head.query();
            for (int at = 1; at <= query.length(); ) {
                int and = query.indexOf('&', at);
                int end = and < 0 ? query.length() : and;
                int equals = query.indexOf('=', at);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                if (end > at
                        && decoded(query.substring(at, nameEnd)).equals(name)
                        && wanted.test(decoded(query.substring(Math.min(nameEnd + 1, end), end)))) {
                    return true;
                }
                at = end + 1;
            }
            return false;
        }

        private static String decoded(String text) {
            if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
                return text;
            }
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException ignored) {
                return text;
            }
        }
    }
}
