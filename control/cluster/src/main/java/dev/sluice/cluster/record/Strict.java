package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.pool.Address;

import java.io.Serial;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks of single fields; the first bad one ends the conversion. */
final class Strict {
    /** Names of pools, directors and proxies: safe as node names, file names and labels. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Strict() {}

    /** Leaves a conversion; caught by {@link ProtoCodec} only. */
    static final class Invalid extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;
        private final transient RecordProblem problem;

        Invalid(RecordProblem problem) {
            super(problem.toString(), null, false, false);
            this.problem = problem;
        }

        RecordProblem problem() {
            return problem;
        }
    }

    static void check(boolean holds, String field, Object seen, String allowed) {
        if (!holds) {
            throw new Invalid(new RecordProblem(field, String.valueOf(seen), allowed));
        }
    }

    static String name(String field, String value) {
        check(
                NAME.matcher(value).matches(),
                field,
                "'" + value + "'",
                "1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit");
        return value;
    }

    /** A record's own name, which must be that of its node. */
    static String self(String field, String node, String value) {
        check(name(field, value).equals(node), field, "'" + value + "'", "'" + node + "'");
        return value;
    }

    static Address address(String field, ByteString value) {
        check(
                value.size() == 4 || value.size() == 16,
                field,
                value.size() + " bytes",
                "4 or 16 bytes");
        return Address.of(value.toByteArray());
    }

    /** Protobuf's uint64 is Java's long: what does not fit shows as negative. */
    static long atLeast(String field, long value, long min) {
        check(value >= min, field, value, "at least " + min);
        return value;
    }

    static int between(String field, int value, int min, int max) {
        check(value >= min && value <= max, field, value, min + " to " + max);
        return value;
    }

    static Map<String, Long> generations(String field, Map<String, Long> byPool) {
        byPool.forEach((pool, generation) -> {
            name(field, pool);
            atLeast(field + "[" + pool + "]", generation, 0);
        });
        return Map.copyOf(byPool);
    }

    /** Refuses what was seen before in the same list. */
    static final class Once<K> {
        private final Set<K> seen = new HashSet<>();

        void check(String field, K key) {
            Strict.check(seen.add(key), field, key + " for the second time", "each one once");
        }
    }
}
