package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Which pages of other origins may read what a route answers (WHATWG Fetch §3.3). Lists may hold
 * {@code *}, but none does where credentials are allowed.
 *
 * @param origins at least one
 * @param methods of requests that are not simple
 * @param headers in lower case, of requests that are not simple
 * @param exposed fields of responses, beside those that every page may read
 * @param credentials cookies and client certificates may come along
 * @param maxAge how long a browser may remember what it was told; whole seconds count
 */
public record Cors(
        List<OriginPattern> origins,
        List<String> methods,
        List<String> headers,
        List<String> exposed,
        boolean credentials,
        Duration maxAge) {
    private static final String ANY = "*";

    public Cors {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        exposed = List.copyOf(exposed);
    }

    static Cors read(Section section) {
        List<String> methods = section.optionalList("methods", method());
        Cors cors =
                new Cors(
                        OriginPattern.read(section, "origins"),
                        methods.isEmpty() ? List.of("GET", "HEAD", "POST") : methods,
                        section.optionalList("headers", FieldSyntax.name()),
                        section.optionalList("expose", FieldSyntax.name()),
                        section.optional("credentials", Scalars.flag(), false),
                        section.optional(
                                "maxAge",
                                Scalars.duration(Duration.ZERO, Duration.ofHours(24)),
                                Duration.ofMinutes(10)));
        cors.check(section);
        return cors;
    }

    private static Scalar<String> method() {
        return Scalars.text()
                .where(FieldSyntax::isToken, "is not a method", "GET, PUT, …, or *")
                .map(method -> method.toUpperCase(Locale.ROOT));
    }

    private void check(Section section) {
        if (!credentials) {
            return;
        }
        refuseAny(section, "origins", allowsAnyOrigin());
        refuseAny(section, "methods", methods.contains(ANY));
        refuseAny(section, "headers", headers.contains(ANY));
        refuseAny(section, "expose", exposed.contains(ANY));
    }

    /** Browsers take the star for a plain name then; as an origin it would open all to anybody. */
    private static void refuseAny(Section section, String key, boolean there) {
        if (there) {
            section.problem(
                    key, "cannot be * together with credentials", "", "name those that are meant");
        }
    }

    public boolean allowsAnyOrigin() {
        return origins.contains(new OriginPattern.Any());
    }
}
