package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Reading;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

import java.util.Optional;

/** What tells the requests of one user from those of another. */
public sealed interface RequestKey {

    /** The client's address; of IPv6 the first 64 bits, as a host has all that are below. */
    record Client() implements RequestKey {
        @Override
        public String toString() {
            return "client";
        }
    }

    /** The first value of a name; the client's address if there is none. */
    record Carried(Condition.Source source, String name) implements RequestKey {
        @Override
        public String toString() {
            return Scalars.written(source) + " " + name;
        }
    }

    /**
     * Reads {@code client}, {@code header NAME}, {@code cookie NAME}, {@code query NAME}.
     *
     * @param none what is read as no key at all
     */
    static Scalar<Optional<RequestKey>> scalar(String none) {
        return Scalars.explained(
                Optional.empty(),
                text -> text.equals(none) ? Optional.empty() : Optional.of(parse(text)),
                none + ", client, header NAME, cookie NAME, query NAME");
    }

    private static RequestKey parse(String text) {
        if (text.equals("client")) {
            return new Client();
        }
        int space = text.indexOf(' ');
        String name = text.substring(space + 1).strip();
        for (Condition.Source source : Condition.Source.values()) {
            if (space > 0 && text.substring(0, space).equals(Scalars.written(source))) {
                return switch (Condition.name(source).read(name)) {
                    case Reading.Fits<String>(String valid) -> new Carried(source, valid);
                    case Reading.Wrong<String> wrong ->
                            throw new IllegalArgumentException("names what " + wrong.what());
                };
            }
        }
        throw new IllegalArgumentException("is not allowed");
    }
}
