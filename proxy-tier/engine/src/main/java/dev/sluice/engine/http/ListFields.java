package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Fields that the engine makes itself: a plain list, for a few of them. */
public final class ListFields implements Fields {
    private record Field(String name, String value) {}

    private final List<Field> list = new ArrayList<>();

    /** Makes fields from names and values in turn. */
    public static ListFields of(String... namesAndValues) {
        ListFields fields = new ListFields();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    @Override
    public @Nullable String get(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    @Override
    public List<String> all(String name) {
        return list.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    @Override
    public boolean has(String name) {
        return get(name) != null;
    }

    @Override
    public void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    @Override
    public void add(String name, String value) {
        list.add(new Field(name, value));
    }

    @Override
    public void remove(String name) {
        list.removeIf(field -> field.name.equalsIgnoreCase(name));
    }

    @Override
    public boolean isEmpty() {
        return list.isEmpty();
    }

    @Override
    public List<String> namesStarting(String prefix) {
        return list.stream()
                .map(field -> field.name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith(prefix))
                .distinct()
                .toList();
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
        list.forEach(field -> action.accept(field.name, field.value));
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
