package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Tls;

import io.netty.handler.ssl.SslProvider;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class ContextLoaderTest {
    @Test
    void whatJavaCannotDoIsRefusedAndNotIgnored() {
        Tls.KeyPair files = new Tls.KeyPair("/nowhere.crt", "/nowhere.key");
        Tls.Certificate plain = new Tls.Certificate(files, Optional.empty(), Optional.empty());
        Tls.Certificate stapled =
                new Tls.Certificate(files, Optional.of("/a.ocsp"), Optional.empty());
        assertThat(load(plain, Optional.of("/tickets")))
                .containsExactly(
                        "l7.yaml: listeners[0].tls.tickets: needs BoringSSL, which this host cannot"
                                + " load; run the proxy on Linux x86_64 with glibc, or remove"
                                + " 'tickets' and 'staple'");
        assertThat(load(stapled, Optional.empty()))
                .singleElement()
                .asString()
                .startsWith("l7.yaml: listeners[0].tls.certificates: needs BoringSSL");
    }

    private static List<String> load(Tls.Certificate certificate, Optional<String> tickets) {
        List<Problem> problems = new ArrayList<>();
        Tls tls =
                new Tls(
                        List.of(certificate),
                        Tls.Version.V1_2,
                        Tls.UnknownName.FIRST,
                        Tls.OtherNames.SAME_TERMS,
                        Optional.empty(),
                        tickets);
        assertThat(
                        TlsServer.load(
                                "l7.yaml", "listeners[0].tls", tls, SslProvider.JDK, problems::add))
                .isEmpty();
        return problems.stream().map(Problem::toString).toList();
    }
}
