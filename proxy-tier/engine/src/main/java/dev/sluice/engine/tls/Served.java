package dev.sluice.engine.tls;

import dev.sluice.engine.http.ClientCertificate;
import dev.sluice.engine.http.Security;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * A certificate at work. Immutable.
 *
 * @param file that it was read from
 * @param staple null for none
 */
record Served(
        String file,
        X509Certificate leaf,
        Policy policy,
        SslContext context,
        @Nullable Staple staple) {

    /** For one connection, at the head of its pipeline. */
    SslHandler handler(ByteBufAllocator buffers, Instant now) {
        SSLEngine engine = context.newEngine(buffers);
        if (staple != null
                && !staple.hasEnded(now)
                && engine instanceof ReferenceCountedOpenSslEngine openSsl) {
            openSsl.setOcspResponse(staple.der());
        }
        return new SslHandler(engine);
    }

    /**
     * What a handshake came to. Whoever must prove who he is must have done so whatever the TLS
     * library made of a session that is gone on with: a ticket is no certificate.
     *
     * @param terms those of all names, as they were when the connection began
     * @param only the one host that the connection is for; null for all on the same terms
     * @return null if the connection must be closed
     */
    @Nullable Security verify(SSLSession session, Contexts terms, @Nullable String only) {
        X509Certificate client = policy.clients().isEmpty() ? null : clientOf(session);
        if (client == null) {
            return policy.requiresCertificate()
                    ? null
                    : new Secured(Optional.empty(), policy, terms, only);
        }
        try {
            // A session may outlive the certificate that it began with.
            client.checkValidity();
            return new Secured(Optional.of(ClientCertificates.of(client)), policy, terms, only);
        } catch (CertificateException e) {
            return null;
        }
    }

    private static @Nullable X509Certificate clientOf(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private record Secured(
            Optional<ClientCertificate> certificate,
            Policy policy,
            Contexts terms,
            @Nullable String only)
            implements Security {
        @Override
        public boolean isFor(String host) {
            return (only == null || only.equals(host))
                    && terms.clientsAskedFor(host).equals(policy.clients());
        }
    }
}
