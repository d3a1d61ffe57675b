package dev.sluice.cluster.glb;

import dev.sluice.cluster.pool.PoolSpec.HashField;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Hash fields under the names of GLB's director configuration. */
public final class GlbHashFields {
    private static final Map<String, HashField> BY_NAME = byName();

    private GlbHashFields() {}

    /**
     * @param list such as {@code src_addr,src_port}
     * @throws IllegalArgumentException naming the word that is none, and what is allowed
     */
    public static Set<HashField> parse(String list) {
        EnumSet<HashField> fields = EnumSet.noneOf(HashField.class);
        for (String name : list.split(",", -1)) {
            HashField field = BY_NAME.get(name.strip());
            if (field == null) {
                throw new IllegalArgumentException(
                        "'"
                                + name
                                + "' is no hash field; allowed: "
                                + String.join(",", BY_NAME.keySet()));
            }
            fields.add(field);
        }
        return fields;
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
