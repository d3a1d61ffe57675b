package dev.sluice.cluster.glb;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** GLB's JSON for tests. */
final class Tables {
    static final String BIND = "{\"ip\": \"203.0.113.10\", \"proto\": \"tcp\", \"port\": 80}";
    static final String TWO_BACKENDS = backends(List.of("active true", "active true"));

    private Tables() {}

    /**
     * @param stateAndHealth such as {@code "active true"}; the backends are 198.18.0.1 and on
     */
    static String backends(List<String> stateAndHealth) {
        return IntStream.range(0, stateAndHealth.size())
                .mapToObj(i -> backend(i + 1, stateAndHealth.get(i)))
                .collect(Collectors.joining(", "));
    }

    private static String backend(int number, String stateAndHealth) {
        String[] parts = stateAndHealth.split(" ", -1);
        return "{\"ip\": \"198.18.%d.%d\", \"state\": \"%s\", \"healthy\": %s}"
                .formatted(number >>> 8, number & 0xff, parts[0], parts[1]);
    }

    static String table(String backends, String binds) {
        return """
        {"name": "web", "hash_key": "000102030405060708090a0b0c0d0e0f",
         "seed": "0F0E0D0C0B0A09080706050403020100",
         "binds": [%s], "backends": [%s]}\
        """
                .formatted(binds, backends);
    }

    static String json(String backends, String binds) {
        return "{\"tables\": [" + table(backends, binds) + "]}";
    }
}
