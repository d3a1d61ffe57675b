package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of a message's header: first those that go, then those that are set, then those that are
 * added. Names in lower case; none that the proxy itself is in charge of.
 *
 * @param remove all values of these
 * @param set in place of all values
 * @param add beside the values that are there
 */
public record FieldChanges(List<String> remove, Map<String, String> set, Map<String, String> add) {
    public static final FieldChanges NONE = new FieldChanges(List.of(), Map.of(), Map.of());

    public FieldChanges {
        remove = List.copyOf(remove);
        set = Map.copyOf(set);
        add = Map.copyOf(add);
    }

    static FieldChanges read(Section section) {
        return new FieldChanges(
                section.optionalList("remove", FieldSyntax.changeable()),
                values(section, "set"),
                values(section, "add"));
    }

    private static Map<String, String> values(Section section, String key) {
        return section.optionalSection(
                key,
                fields -> {
                    Map<String, String> values = new LinkedHashMap<>();
                    for (String written : fields.keys()) {
                        // Servers' credentials stand here: a problem must not repeat one.
                        String value =
                                fields.required(written, Scalars.secret(FieldSyntax.value()));
                        FieldSyntax.changeable(fields, written)
                                .ifPresent(name -> {
                                    if (values.putIfAbsent(name, value) != null) {
                                        fields.problemOfKey(written, "is there twice", "", "");
                                    }
                                });
                    }
                    return values;
                });
    }

    public boolean isEmpty() {
        return equals(NONE);
    }
}
