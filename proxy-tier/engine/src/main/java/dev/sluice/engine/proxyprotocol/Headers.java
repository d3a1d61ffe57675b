package dev.sluice.engine.proxyprotocol;

import dev.sluice.cluster.l7.ProxyProtocol;

import java.nio.charset.StandardCharsets;

/** Writes headers. */
public final class Headers {
    private Headers() {}

    public static byte[] write(ProxyProtocol.Version version, Ends ends) {
        return switch (version) {
            case V1 -> TextHeader.write(ends).getBytes(StandardCharsets.US_ASCII);
            case V2 -> BinaryHeader.write(ends);
        };
    }
}
