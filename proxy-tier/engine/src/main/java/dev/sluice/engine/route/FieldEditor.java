package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.FieldChanges;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;

import java.util.List;
import java.util.Map;

/** {@link FieldChanges} made ready. */
final class FieldEditor {
    private final List<Name> removed;
    private final List<Field> set;
    private final List<Field> added;

    private record Field(Name name, String value) {}

    FieldEditor(FieldChanges changes) {
        removed = changes.remove().stream().map(Name::of).toList();
        set = fields(changes.set());
        added = fields(changes.add());
    }

    private static List<Field> fields(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> new Field(Name.of(entry.getKey()), entry.getValue()))
                .toList();
    }

    void apply(Fields fields) {
        for (Name name : removed) {
            fields.remove(name);
        }
        for (Field field : set) {
            fields.set(field.name, field.value);
        }
        for (Field field : added) {
            fields.add(field.name, field.value);
        }
    }
}
