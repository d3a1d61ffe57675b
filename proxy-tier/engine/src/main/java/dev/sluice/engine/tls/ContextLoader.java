package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * Makes contexts of a listener's files. Blocks: not for event loops.
 *
 * @param path of the configuration's section
 * @param versions of HTTP that are offered; none where it is not spoken
 */
record ContextLoader(
        String origin, String path, Tls tls, List<HttpVersion> versions, SslProvider provider) {

    /**
     * Forward secrecy and authenticated encryption, nothing else: RFC 9325 §4.2. TLS 1.2's others
     * are also what HTTP/2 forbids (RFC 9113 §9.2.2).
     */
    private static final List<String> SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Whether it makes of the same files what another one does. */
    boolean makesWhat(ContextLoader other) {
        return tls.equals(other.tls)
                && versions.equals(other.versions)
                && provider == other.provider;
    }

    /** Empty if a problem was reported. */
    Optional<Contexts> load(Consumer<Problem> problems) {
        TlsFiles files = new TlsFiles(origin, path, problems);
        if (!isPossible(files)) {
            return Optional.empty();
        }
        String ticketFile = tls.tickets().orElse(null);
        TicketKeys tickets =
                ticketFile == null ? null : TicketKeys.read(files, Path.of(ticketFile));
        Contexts.Builder contexts = new Contexts.Builder();
        boolean torn = false;
        for (int i = 0; i < tls.certificates().size(); i++) {
            Tls.Certificate certificate = tls.certificates().get(i);
            TlsFiles at = new TlsFiles(origin, path + ".certificates[" + i + "]", problems);
            Credentials credentials =
                    Credentials.load(at.origin(), at.path(), certificate.files(), problems)
                            .orElse(null);
            if (credentials != null) {
                Served served = served(at, certificate, credentials, tickets);
                torn |= served != null && isTorn(contexts.add(served, credentials.names()), at);
            }
        }
        boolean whole =
                contexts.size() == tls.certificates().size()
                        && (tickets != null || ticketFile == null);
        return whole && !torn ? Optional.of(contexts.build(tls)) : Optional.empty();
    }

    private static boolean isTorn(Optional<String> name, TlsFiles at) {
        name.ifPresent(torn ->
                at.report(
                        "clients",
                        torn + " is served by a certificate above under other terms",
                        "give all certificates of a name the same 'clients'"));
        return name.isPresent();
    }

    /** What only BoringSSL can do is refused without it: an option that does nothing is a trap. */
    private boolean isPossible(TlsFiles files) {
        boolean staples = tls.certificates().stream().anyMatch(c -> c.staple().isPresent());
        if (provider != SslProvider.JDK || (tls.tickets().isEmpty() && !staples)) {
            return true;
        }
        files.report(
                tls.tickets().isPresent() ? "tickets" : "certificates",
                "needs BoringSSL, which this host cannot load",
                "run the proxy on Linux x86_64 with glibc, or remove 'tickets' and 'staple'");
        return false;
    }

    private @Nullable Served served(
            TlsFiles files,
            Tls.Certificate certificate,
            Credentials credentials,
            @Nullable TicketKeys tickets) {
        Optional<Tls.Clients> clients = tls.clients(certificate);
        List<X509Certificate> authorities =
                clients.map(c ->
                                files.certificates("clients.authorities", Path.of(c.authorities())))
                        .orElse(List.of());
        Staple staple =
                certificate
                        .staple()
                        .map(file -> Staple.read(files, Path.of(file), credentials.chain()))
                        .orElse(null);
        if ((clients.isPresent() && authorities.isEmpty())
                || (certificate.staple().isPresent() && staple == null)) {
            return null;
        }
        try {
            X509Certificate leaf = credentials.leaf();
            Policy policy = new Policy(clients, authorities, leaf, tls.minVersion());
            return new Served(
                    certificate.files().certificate(),
                    leaf,
                    policy,
                    context(credentials, policy, tickets, staple != null),
                    staple);
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            files.report("certificate", "cannot be served: " + e.getClass().getSimpleName(), "");
            return null;
        }
    }

    private SslContext context(
            Credentials credentials, Policy policy, @Nullable TicketKeys tickets, boolean stapled)
            throws SSLException, GeneralSecurityException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(credentials.key(), credentials.chain())
                        .sslProvider(provider)
                        .protocols(protocols(tls.minVersion()))
                        .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                        .applicationProtocolConfig(Alpn.of(versions));
        if (stapled) {
            builder.enableOcsp(true);
        }
        if (policy.clients().isPresent()) {
            builder.trustManager(policy.authorities())
                    .clientAuth(
                            policy.requiresCertificate()
                                    ? ClientAuth.REQUIRE
                                    : ClientAuth.OPTIONAL);
        }
        SslContext context = builder.build();
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setSessionIdContext(policy.digest());
            if (tickets != null) {
                sessions.setTicketKeys(tickets.of(policy));
            }
        }
        return context;
    }

    private static List<String> protocols(Tls.Version min) {
        return switch (min) {
            case V1_2 -> List.of("TLSv1.3", "TLSv1.2");
            case V1_3 -> List.of("TLSv1.3");
        };
    }
}
