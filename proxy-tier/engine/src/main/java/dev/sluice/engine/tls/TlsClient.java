package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.UpstreamTls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * Speaks TLS to the endpoints of an upstream, and to nobody who cannot prove to be one. Equal to
 * another only if both would trust, ask for, show and speak the same: sessions and connections of
 * one that differs are never used. Immutable.
 */
public final class TlsClient {
    private static final SslProvider PROVIDER =
            OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

    private final Identity identity;
    private final SslContext context;

    /** Everything that decides whom one speaks to, and as whom. */
    private record Identity(
            String name,
            List<HttpVersion> versions,
            List<X509Certificate> trust,
            List<X509Certificate> shown) {}

    private TlsClient(Identity identity, SslContext context) {
        this.identity = identity;
        this.context = context;
    }

    /**
     * Reads the files, which may be replaced later; not for event loops.
     *
     * @param path of the configuration's section
     * @param versions that are offered, the preferred one first
     * @return empty if a problem was reported
     */
    public static Optional<Watched<TlsClient>> load(
            String origin,
            String path,
            UpstreamTls tls,
            List<HttpVersion> versions,
            Consumer<Problem> problems) {
        return Watched.load(
                tls.files(), report -> read(origin, path, tls, versions, report), problems);
    }

    private static Optional<TlsClient> read(
            String origin,
            String path,
            UpstreamTls tls,
            List<HttpVersion> versions,
            Consumer<Problem> problems) {
        List<X509Certificate> trust =
                Credentials.authorities(origin, path, Path.of(tls.trust()), problems);
        Optional<Credentials> shown =
                tls.client()
                        .flatMap(files ->
                                Credentials.load(origin, path + ".client", files, problems));
        if (trust.isEmpty() || shown.isPresent() != tls.client().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(tls, versions, trust, shown.orElse(null)));
        } catch (SSLException | IllegalArgumentException e) {
            problems.accept(
                    Problem.general(
                            origin, path, "cannot be used: " + e.getClass().getSimpleName(), ""));
            return Optional.empty();
        }
    }

    /** Its own context has its own sessions: none of another's is ever resumed. */
    private static TlsClient of(
            UpstreamTls tls,
            List<HttpVersion> versions,
            List<X509Certificate> trust,
            @Nullable Credentials shown)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(PROVIDER)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .trustManager(trust)
                        .endpointIdentificationAlgorithm("HTTPS")
                        .applicationProtocolConfig(Alpn.of(versions));
        if (shown != null) {
            builder.keyManager(shown.key(), shown.chain());
        }
        List<X509Certificate> chain = shown == null ? List.of() : shown.chain();
        return new TlsClient(new Identity(tls.name(), versions, trust, chain), builder.build());
    }

    /** For one connection, at the head of its pipeline. */
    public SslHandler handler(ByteBufAllocator buffers, int port, long handshakeTimeoutMillis) {
        SslHandler handler = context.newHandler(buffers, identity.name, port);
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        return handler;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsClient client && identity.equals(client.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }
}
