package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a request must be like, beside its host and path, for a route to be for it. */
public sealed interface Condition {

    /** It is one of these. */
    record Methods(Set<String> names) implements Condition {
        public Methods {
            names = Set.copyOf(names);
        }
    }

    /** It came over TLS, or not, as far as the proxy or a trusted peer in front of it knows. */
    record Secure(boolean secure) implements Condition {}

    /** Its client is in one of the blocks. */
    record Clients(List<AddressBlock> blocks) implements Condition {
        public Clients {
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * Something that it carries.
     *
     * @param name of a header in lower case
     */
    record Carries(Source source, String name, ValueMatch value) implements Condition {}

    /** Where a request carries names with values. */
    enum Source {
        HEADER,
        COOKIE,
        /** Decoded: {@code %20} and {@code +} are spaces. */
        QUERY
    }

    /** All of them must hold. */
    static List<Condition> read(Section section) {
        List<Condition> all = new ArrayList<>();
        List<String> methods = section.optionalList("methods", method());
        if (!methods.isEmpty()) {
            all.add(new Methods(Set.copyOf(methods)));
        }
        section.maybe("scheme", Redirect.schemes())
                .ifPresent(scheme -> all.add(new Secure(scheme.equals("https"))));
        List<AddressBlock> clients = section.optionalList("clients", Scalars.addressBlock());
        if (!clients.isEmpty()) {
            all.add(new Clients(clients));
        }
        all.addAll(section.optionalSections("headers", one -> carried(Source.HEADER, one)));
        all.addAll(section.optionalSections("cookies", one -> carried(Source.COOKIE, one)));
        all.addAll(section.optionalSections("query", one -> carried(Source.QUERY, one)));
        return List.copyOf(all);
    }

    private static Condition carried(Source source, Section section) {
        return new Carries(
                source, section.required("name", name(source)), ValueMatch.read(section));
    }

    static Scalar<String> name(Source source) {
        return switch (source) {
            case HEADER ->
                    FieldSyntax.name()
                            .where(
                                    name -> !name.equals("host"),
                                    "is what routes are matched by anyway",
                                    "the key 'host' of the route");
            case COOKIE ->
                    Scalars.text().where(FieldSyntax::isToken, "is not the name of a cookie", "");
            case QUERY -> Scalars.text();
        };
    }

    private static Scalar<String> method() {
        return Scalars.oneOf(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
    }

    /** Whether it certainly holds wherever the other one does. */
    default boolean impliedBy(Condition other) {
        return switch (this) {
            case Methods(Set<String> names) ->
                    other instanceof Methods(Set<String> theirs) && names.containsAll(theirs);
            case Secure _ -> equals(other);
            case Clients(List<AddressBlock> blocks) ->
                    other instanceof Clients(List<AddressBlock> theirs)
                            && theirs.stream()
                                    .allMatch(their ->
                                            blocks.stream().anyMatch(block -> block.holds(their)));
            case Carries(Source source, String name, ValueMatch value) ->
                    other instanceof Carries(Source from, String of, ValueMatch theirs)
                            && source == from
                            && name.equals(of)
                            && value.impliedBy(theirs);
        };
    }

    /** Whether certainly no request fulfils both. */
    default boolean excludes(Condition other) {
        return switch (this) {
            case Methods(Set<String> names) ->
                    other instanceof Methods(Set<String> theirs)
                            && theirs.stream().noneMatch(names::contains);
            case Secure(boolean secure) ->
                    other instanceof Secure(boolean theirs) && secure != theirs;
            case Clients _, Carries _ -> false;
        };
    }
}
