package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.RequestKey;
import dev.sluice.cluster.pool.Address;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A {@link RequestKey} made ready to be read. */
public final class KeyReader {
    /** A host has all addresses below, and may use another one each time. */
    private static final int IPV6_BYTES = 8;

    private final @Nullable Carried carried;
    private final Forwarding forwarding;

    /**
     * Makes one.
     *
     * @param forwarding knows what trusted peers say of clients
     */
    public KeyReader(RequestKey key, Forwarding forwarding) {
        this.forwarding = forwarding;
        carried =
                switch (key) {
                    case RequestKey.Client() -> null;
                    case RequestKey.Carried(var source, String name) -> Carried.of(source, name);
                };
    }

    /** The first of a name; null if there is none. */
    public static @Nullable String cookie(RequestHead head, String name) {
        return new Carried.Cookie(name).first(head);
    }

    /** Octets that are the same for all addresses that a client's host may use. */
    public static byte[] ofClient(Address client) {
        byte[] address = client.bytes();
        return client.isIpv4() ? address : Arrays.copyOf(address, IPV6_BYTES);
    }

    /** Octets that are the same for requests that belong together; never empty. */
    public byte[] read(RequestHead head, Peer peer) {
        String value = carried == null ? null : carried.first(head);
        if (value == null || value.isEmpty()) {
            return ofClient(forwarding.client(head, peer));
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
