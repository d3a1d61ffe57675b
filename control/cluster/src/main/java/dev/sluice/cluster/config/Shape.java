package dev.sluice.cluster.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What may stand somewhere in a configuration, as its reader has it. */
public sealed interface Shape {

    /** Nobody looked at it. */
    record Anything() implements Shape {}

    /**
     * Some text.
     *
     * @param allowed in words; may be empty
     */
    record Text(String allowed) implements Shape {}

    record Whole(long min, long max) implements Shape {}

    /** A number with a unit; the bounds are written like it. */
    record Amount(List<String> units, String least, String most) implements Shape {
        public Amount {
            units = List.copyOf(units);
        }
    }

    record Flag() implements Shape {}

    record OneOf(List<String> texts) implements Shape {
        public OneOf {
            texts = List.copyOf(texts);
        }
    }

    record ListOf(Shape element, boolean nonEmpty) implements Shape {}

    /** Any of them; at least two. */
    record Either(List<Shape> shapes) implements Shape {
        public Either {
            shapes = List.copyOf(shapes);
        }
    }

    /**
     * Keys with values.
     *
     * @param others what stands behind names that the operator chooses; empty for none
     */
    record Mapping(SequencedMap<String, Key> keys, List<Shape> others) implements Shape {
        public Mapping {
            keys = new LinkedHashMap<>(keys);
            others = List.copyOf(others);
        }

        Mapping without(String key) {
            SequencedMap<String, Key> rest = new LinkedHashMap<>(keys);
            rest.remove(key);
            return new Mapping(rest, others);
        }
    }

    /**
     * A mapping of which one key says what else is in it.
     *
     * @param usual the key's value where it is left out; empty if it must be there
     * @param byText a mapping for each of the key's values
     */
    record Variants(String key, String usual, Map<String, Mapping> byText) implements Shape {
        public Variants {
            byText = new LinkedHashMap<>(byText);
        }
    }

    /**
     * A key of a mapping.
     *
     * @param otherwise what holds without it, as it would be written; empty if that is nothing
     */
    record Key(Shape shape, boolean required, String otherwise) {
        Key or(Key other) {
            return new Key(
                    shape.or(other.shape),
                    required || other.required,
                    otherwise.isEmpty() ? other.otherwise : otherwise);
        }
    }

    /** This one or the other. */
    default Shape or(Shape other) {
        if (equals(other) || other instanceof Anything) {
            return this;
        }
        if (this instanceof Anything) {
            return other;
        }
        List<Shape> all =
                new ArrayList<>(this instanceof Either(List<Shape> mine) ? mine : List.of(this));
        List<Shape> more = other instanceof Either(List<Shape> theirs) ? theirs : List.of(other);
        more.stream().filter(shape -> !all.contains(shape)).forEach(all::add);
        return new Either(all);
    }
}
