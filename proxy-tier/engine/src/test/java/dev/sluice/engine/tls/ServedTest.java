package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.Tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.Test;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;

/** Whatever the TLS library says of a handshake. */
final class ServedTest {
    @Test
    void aSessionWithoutACertificateIsNoProofWhereOneIsRequired() throws Exception {
        SSLSession nobody = SSLContext.getDefault().createSSLEngine().getSession();
        assertThat(verify(Optional.of(new Tls.Clients("/ca.pem", true)), nobody)).isFalse();
        assertThat(verify(Optional.of(new Tls.Clients("/ca.pem", false)), nobody)).isTrue();
        assertThat(verify(Optional.empty(), nobody)).isTrue();
    }

    private static boolean verify(Optional<Tls.Clients> clients, SSLSession session)
            throws Exception {
        X509Bundle bundle =
                new CertificateBuilder()
                        .subject("CN=a")
                        .ecp256()
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        X509Certificate leaf = bundle.getCertificate();
        SslContext context =
                SslContextBuilder.forServer(bundle.getKeyPair().getPrivate(), leaf)
                        .sslProvider(SslProvider.JDK)
                        .build();
        Policy policy = new Policy(clients, List.of(leaf), leaf, Tls.Version.V1_2);
        Served served = new Served("/a.crt", leaf, policy, context, null);
        Contexts.Builder contexts = new Contexts.Builder();
        contexts.add(served, List.of("a.test"));
        Tls tls =
                new Tls(
                        List.of(),
                        Tls.Version.V1_2,
                        Tls.UnknownName.FIRST,
                        Tls.OtherNames.SAME_TERMS,
                        Optional.empty(),
                        Optional.empty());
        return served.verify(session, contexts.build(tls), null) != null;
    }
}
