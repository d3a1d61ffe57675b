package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** The fields that Netty's decoder made, and that its encoder sends. */
record NettyFields(HttpHeaders headers) implements Fields {

    /** The given fields as Netty's, without a copy if they are. */
    static HttpHeaders of(Fields fields) {
        if (fields instanceof NettyFields(HttpHeaders headers)) {
            return headers;
        }
        HttpHeaders copy = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        fields.forEach(copy::add);
        return copy;
    }

    @Override
    public @Nullable String get(String name) {
        return headers.get(name);
    }

    @Override
    public List<String> all(String name) {
        return headers.getAll(name);
    }

    @Override
    public boolean has(String name) {
        return headers.contains(name);
    }

    @Override
    public void set(String name, String value) {
        headers.set(name, value);
    }

    @Override
    public void add(String name, String value) {
        headers.add(name, value);
    }

    @Override
    public void remove(String name) {
        headers.remove(name);
    }

    @Override
    public boolean isEmpty() {
        return headers.isEmpty();
    }

    @Override
    public List<String> namesStarting(String prefix) {
        return headers.names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith(prefix))
                .distinct()
                .toList();
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
        Iterator<Map.Entry<String, String>> entries = headers.iteratorAsString();
        while (entries.hasNext()) {
            Map.Entry<String, String> entry = entries.next();
            action.accept(entry.getKey(), entry.getValue());
        }
    }
}
