package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What Curator's service discovery keeps of an instance: JSON, of which address, ports and whether
 * it is enabled matter here.
 *
 * @param endpoint where it is
 * @param enabled false if it is there, but is to get nothing
 */
public record ServiceInstance(HostPort endpoint, boolean enabled) {

    /** JSON is YAML; a text of ours has no anchors, and is not long. */
    private static final LoadSettings JSON =
            LoadSettings.builder()
                    .setMaxAliasesForCollections(0)
                    .setCodePointLimit(1 << 20)
                    .build();

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static ServiceInstance parse(byte[] value) {
        Map<?, ?> fields = fields(value);
        // Curator has the plain port ahead, too, where there are both.
        Object port = fields.get("port") == null ? fields.get("sslPort") : fields.get("port");
        if (!(fields.get("address") instanceof String address)) {
            throw new IllegalArgumentException("has no address");
        }
        if (!(port instanceof Integer number)) {
            throw new IllegalArgumentException("has no port");
        }
        return new ServiceInstance(
                new HostPort(Address.parse(address), number),
                !Boolean.FALSE.equals(fields.get("enabled")));
    }

    private static Map<?, ?> fields(byte[] value) {
        try {
            Object read = new Load(JSON).loadFromString(new String(value, StandardCharsets.UTF_8));
            if (read instanceof Map<?, ?> fields) {
                return fields;
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("is not JSON", e);
        }
        throw new IllegalArgumentException("is not an object of JSON");
    }
}
