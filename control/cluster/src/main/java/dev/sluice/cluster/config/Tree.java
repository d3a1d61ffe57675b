package dev.sluice.cluster.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A configuration as it is written, without comments. Keys are equal in any order. */
public sealed interface Tree {

    /**
     * A single value.
     *
     * @param secret its reader shows it to nobody
     */
    record Leaf(String text, boolean secret) implements Tree {
        /** For people and programs. */
        String shown() {
            return secret ? "(secret)" : text;
        }
    }

    /** A mapping, in the order of the text. */
    record Keys(SequencedMap<String, Tree> values) implements Tree {
        public Keys {
            values = new LinkedHashMap<>(values);
        }
    }

    /** A list. */
    record Elements(List<Tree> all) implements Tree {
        public Elements {
            all = List.copyOf(all);
        }
    }
}
