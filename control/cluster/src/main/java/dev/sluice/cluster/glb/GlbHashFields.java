package dev.sluice.cluster.glb;

import dev.sluice.cluster.pool.PoolSpec.HashField;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Hash fields under the names of GLB's director configuration. */
public final class GlbHashFields {
    private static final Map<String, HashField> BY_NAME = byName();

    private GlbHashFields() {}

    /**
     * @param name such as {@code src_addr}
     * @throws IllegalArgumentException if it is none, saying what is allowed
     */
    public static HashField parse(String name) {
        HashField field = BY_NAME.get(name);
        if (field == null) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is no hash field; allowed: "
                            + String.join(",", BY_NAME.keySet()));
        }
        return field;
    }

    private static Map<String, HashField> byName() {
        Map<String, HashField> names = new LinkedHashMap<>();
        Arrays.stream(HashField.values()).forEach(field -> names.put(name(field), field));
        return names;
    }

    private static String name(HashField field) {
        return switch (field) {
            case SOURCE_ADDRESS -> "src_addr";
            case DESTINATION_ADDRESS -> "dst_addr";
            case SOURCE_PORT -> "src_port";
            case DESTINATION_PORT -> "dst_port";
        };
    }
}
