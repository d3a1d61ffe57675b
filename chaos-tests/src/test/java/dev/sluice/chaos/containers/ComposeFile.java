package dev.sluice.chaos.containers;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a compose file says, as far as ours says anything: a key that this does not know is an
 * error, so that tests run the cluster that users get.
 *
 * @param networks by name
 * @param volumes the options of their driver, by name
 */
record ComposeFile(
        List<Service> services,
        Map<String, Net> networks,
        Map<String, Map<String, String>> volumes) {

    /** Of no concern to tests: they start and restart nodes themselves. */
    private static final Set<String> IGNORED = Set.of("image", "restart", "depends_on");

    /**
     * One container.
     *
     * @param user empty: the image's
     * @param binds as in {@code volumes}: source, target, and perhaps {@code ro}
     * @param addresses by network, in the order of the file; empty: any
     */
    record Service(
            String name,
            String user,
            List<String> command,
            Map<String, String> environment,
            List<String> capDrop,
            List<String> capAdd,
            List<String> securityOpt,
            boolean readOnly,
            List<String> tmpfs,
            List<String> binds,
            Map<String, String> sysctls,
            long memory,
            Map<String, String> addresses) {}

    /**
     * A bridge.
     *
     * @param options of its driver
     */
    record Net(String subnet, Map<String, String> options) {}

    static ComposeFile read(Path file) throws IOException {
        Keys root =
                Keys.of(
                        file.toString(),
                        new Load(LoadSettings.builder().build())
                                .loadFromString(Files.readString(file)));
        ComposeFile read =
                new ComposeFile(
                        root.take("services").entries().entrySet().stream()
                                .map(e -> service(e.getKey(), e.getValue()))
                                .toList(),
                        networks(root.take("networks")),
                        volumes(root.take("volumes")));
        List.copyOf(root.entries().keySet()).stream()
                .filter(key -> key.startsWith("x-"))
                .forEach(root::drop);
        root.requireEmpty();
        return read;
    }

    Service service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private static Service service(String name, Object value) {
        Keys keys = Keys.of(name, value);
        IGNORED.forEach(keys::drop);
        if (!keys.text("hostname").equals(name)) {
            throw new IllegalArgumentException("the host of service " + name + " has another name");
        }
        Service service =
                new Service(
                        name,
                        keys.text("user"),
                        keys.list("command"),
                        keys.take("environment").texts(),
                        keys.list("cap_drop"),
                        keys.list("cap_add"),
                        keys.list("security_opt"),
                        keys.text("read_only").equals("true"),
                        keys.list("tmpfs"),
                        keys.list("volumes"),
                        keys.take("sysctls").texts(),
                        mebibytes(keys.text("mem_limit")),
                        addresses(keys));
        keys.requireEmpty();
        return service;
    }

    private static long mebibytes(String limit) {
        return Long.parseLong(limit.substring(0, limit.indexOf('m'))) << 20;
    }

    private static Map<String, String> addresses(Keys service) {
        if (service.text("network_mode").equals("none")) {
            return Map.of();
        }
        Map<String, String> addresses = new LinkedHashMap<>();
        service.take("networks")
                .entries()
                .forEach((name, value) ->
                        addresses.put(name, Keys.of(name, value).text("ipv4_address")));
        return addresses;
    }

    private static Map<String, Net> networks(Keys networks) {
        return networks.entries().entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, e -> network(e.getKey(), e.getValue())));
    }

    private static Net network(String name, Object value) {
        Keys keys = Keys.of(name, value);
        Object config = keys.take("ipam").entries().get("config");
        if (!(config instanceof List<?> blocks) || blocks.size() != 1) {
            throw new IllegalArgumentException(name + ": expected one subnet");
        }
        Net network =
                new Net(
                        Keys.of(name, blocks.getFirst()).text("subnet"),
                        keys.take("driver_opts").texts());
        keys.requireEmpty();
        return network;
    }

    private static Map<String, Map<String, String>> volumes(Keys volumes) {
        return volumes.entries().entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                e ->
                                        Keys.of(e.getKey(), e.getValue())
                                                .take("driver_opts")
                                                .texts()));
    }

    /** A map of which each key is taken once; what nobody took is an error. */
    private record Keys(String where, Map<String, Object> entries) {

        static Keys of(String where, @Nullable Object value) {
            Map<String, Object> entries = new LinkedHashMap<>();
            if (value instanceof Map<?, ?> map) {
                merge(map, entries);
            } else if (value != null) {
                throw new IllegalArgumentException(where + ": expected a map, not " + value);
            }
            return new Keys(where, entries);
        }

        /** With what {@code <<} refers to, behind the map's own. */
        private static void merge(Map<?, ?> map, Map<String, Object> into) {
            map.forEach((key, value) -> {
                if (!key.equals("<<")) {
                    into.putIfAbsent(key.toString(), value == null ? Map.of() : value);
                }
            });
            if (map.get("<<") instanceof Map<?, ?> merged) {
                merge(merged, into);
            }
        }

        Keys take(String key) {
            return of(where + "." + key, entries.remove(key));
        }

        String text(String key) {
            Object value = entries.remove(key);
            return value == null ? "" : value.toString();
        }

        List<String> list(String key) {
            Object value = entries.remove(key);
            return value == null
                    ? List.of()
                    : ((List<?>) value).stream().map(Object::toString).toList();
        }

        Map<String, String> texts() {
            Map<String, String> texts = new LinkedHashMap<>();
            entries.forEach((key, value) -> texts.put(key, value.toString()));
            return texts;
        }

        void drop(String key) {
            entries.remove(key);
        }

        void requireEmpty() {
            if (!entries.isEmpty()) {
                throw new IllegalArgumentException(
                        where + ": this test does not know " + new TreeSet<>(entries.keySet()));
            }
        }
    }
}
