package dev.sluice.engine.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a certificate file says, for people.
 *
 * @param names DNS names that the leaf is for, in lower case; wildcards as they are
 * @param key of the leaf, algorithm and size: {@code EC 256}
 * @param end when the first certificate of the chain ends
 * @param chain subjects, leaf first
 * @param staple when the OCSP response ends; empty without one, or if it never does
 * @param warnings what does not keep it from being served
 */
public record CertificateFacts(
        String file,
        List<String> names,
        String key,
        Instant begin,
        Instant end,
        String issuer,
        List<String> chain,
        Optional<Instant> staple,
        List<String> warnings) {

    public CertificateFacts {
        names = List.copyOf(names);
        chain = List.copyOf(chain);
        warnings = List.copyOf(warnings);
    }

    static CertificateFacts of(
            String file,
            List<X509Certificate> chain,
            Optional<Staple> staple,
            List<String> warnings) {
        X509Certificate leaf = chain.getFirst();
        return new CertificateFacts(
                file,
                Credentials.names(leaf),
                ChainRules.keyOf(leaf),
                leaf.getNotBefore().toInstant(),
                end(chain),
                leaf.getIssuerX500Principal().getName(),
                chain.stream().map(ChainRules::subject).toList(),
                staple.flatMap(Staple::until),
                warnings);
    }

    static Instant end(List<X509Certificate> chain) {
        return chain.stream()
                .map(one -> one.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
