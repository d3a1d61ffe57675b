package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Fields that the engine makes itself: a plain list, for a few of them. */
public final class ListFields implements Fields {
    private record Field(Name name, String value) {}

    private final List<Field> list = new ArrayList<>();

    /** Makes fields from names and values in turn. */
    public static ListFields of(String... namesAndValues) {
        ListFields fields = new ListFields();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(Name.of(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return fields;
    }

    @Override
    public @Nullable String get(Name name) {
        for (Field field : list) {
            if (field.name.equals(name)) {
                return field.value;
            }
        }
        return null;
    }

    @Override
    public List<String> all(Name name) {
        return list.stream().filter(field -> field.name.equals(name)).map(Field::value).toList();
    }

    @Override
    public int count(Name name) {
        int count = 0;
        for (Field field : list) {
            count += field.name.equals(name) ? 1 : 0;
        }
        return count;
    }

    @Override
    public void set(Name name, String value) {
        remove(name);
        add(name, value);
    }

    @Override
    public void add(Name name, String value) {
        list.add(new Field(name, value));
    }

    @Override
    public void remove(Name name) {
        list.removeIf(field -> field.name.equals(name));
    }

    @Override
    public boolean isEmpty() {
        return list.isEmpty();
    }

    @Override
    public List<Name> namesStarting(String lowerPrefix) {
        return list.stream()
                .map(Field::name)
                .filter(name -> name.text().startsWith(lowerPrefix))
                .distinct()
                .toList();
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
        list.forEach(field -> action.accept(field.name.text(), field.value));
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
