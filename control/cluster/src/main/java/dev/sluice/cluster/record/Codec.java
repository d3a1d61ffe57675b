package dev.sluice.cluster.record;

/**
 * Converts a record to the bytes of its node and back. Pure; any thread.
 *
 * @param <T> the record
 */
public interface Codec<T> {
    byte[] encode(T value);

    /**
     * Never throws on bad bytes.
     *
     * @param name the node's name: a record that names itself must agree with it
     */
    Decoded<T> decode(String name, byte[] bytes);
}
