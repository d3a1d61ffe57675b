package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.Mapping;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * Terminates TLS for a listener, with the certificate that fits the name the client asks for.
 * Immutable; connections keep the one they began with.
 */
public final class TlsServer implements Mapping<String, SslContext> {
    private static final SslProvider PROVIDER =
            OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

    private final SslContext first;

    /** Wildcards as {@code *.example.org}. */
    private final Map<String, SslContext> byName;

    private TlsServer(SslContext first, Map<String, SslContext> byName) {
        this.first = first;
        this.byName = Map.copyOf(byName);
    }

    /**
     * Reads the files; not for event loops.
     *
     * @param path of the configuration's section
     * @param versions offered to the client, the preferred one first
     * @return empty if a problem was reported
     */
    public static Optional<TlsServer> load(
            String origin,
            String path,
            Tls tls,
            List<HttpVersion> versions,
            Consumer<Problem> problems) {
        List<SslContext> contexts = new ArrayList<>();
        Map<String, SslContext> byName = new HashMap<>();
        for (int i = 0; i < tls.certificates().size(); i++) {
            String at = path + ".certificates[" + i + "]";
            Credentials.load(origin, at, tls.certificates().get(i), problems)
                    .ifPresent(credentials ->
                            context(origin, at, tls, versions, credentials, problems)
                                    .ifPresent(context -> {
                                        contexts.add(context);
                                        for (String name : credentials.names()) {
                                            byName.putIfAbsent(name, context);
                                        }
                                    }));
        }
        return contexts.size() < tls.certificates().size()
                ? Optional.empty()
                : Optional.of(new TlsServer(contexts.getFirst(), byName));
    }

    private static Optional<SslContext> context(
            String origin,
            String path,
            Tls tls,
            List<HttpVersion> versions,
            Credentials credentials,
            Consumer<Problem> problems) {
        try {
            return Optional.of(
                    SslContextBuilder.forServer(credentials.key(), credentials.chain())
                            .sslProvider(PROVIDER)
                            .protocols(protocols(tls.minVersion()))
                            .applicationProtocolConfig(Alpn.of(versions))
                            .build());
        } catch (SSLException | IllegalArgumentException e) {
            problems.accept(
                    Problem.general(
                            origin, path, "cannot be served: " + e.getClass().getSimpleName(), ""));
            return Optional.empty();
        }
    }

    private static List<String> protocols(Tls.Version min) {
        return switch (min) {
            case V1_2 -> List.of("TLSv1.3", "TLSv1.2");
            case V1_3 -> List.of("TLSv1.3");
        };
    }

    /** For one connection, at the head of its pipeline. */
    public SniHandler handler(long handshakeTimeoutMillis) {
        return new SniHandler(this, MAX_CLIENT_HELLO_BYTES, handshakeTimeoutMillis);
    }

    private static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;

    /** The context for a name, or the first one's for a name without certificate, or none. */
    @Override
    public SslContext map(@Nullable String name) {
        if (name == null) {
            return first;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        SslContext exact = byName.get(lower);
        if (exact != null) {
            return exact;
        }
        // A wildcard stands for exactly one label (RFC 6125 §6.4.3).
        int dot = lower.indexOf('.');
        SslContext wild = dot < 0 ? null : byName.get("*" + lower.substring(dot));
        return wild == null ? first : wild;
    }
}
