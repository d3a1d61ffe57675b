package dev.sluice.engine.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Which TLS library does the work. */
final class Provider {
    private Provider() {}

    /** BoringSSL if this host can load it, Java's own otherwise. */
    static SslProvider best() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }
}
