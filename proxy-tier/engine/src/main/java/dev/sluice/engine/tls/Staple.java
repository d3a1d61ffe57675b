package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An OCSP response that is sent along with a certificate (RFC 6066 §8). Immutable.
 *
 * @param der as it is sent
 * @param until when it is worth nothing any more; empty for never
 */
record Staple(String file, byte[] der, Optional<Instant> until) {
    /**
     * Null if a problem was reported. One that has ended is none: whoever renews it may be late,
     * and clients can do without.
     *
     * @param chain the certificate's
     */
    static @Nullable Staple read(TlsFiles files, Path file, List<X509Certificate> chain) {
        X509Certificate leaf = chain.getFirst();
        X509Certificate issuer = issuer(chain);
        if (issuer == null) {
            files.report(
                    "staple",
                    "the chain of the certificate lacks its issuer's, which vouches for " + file,
                    "append it to the chain");
            return null;
        }
        byte[] der = files.read("staple", file);
        if (der == null) {
            return null;
        }
        try {
            OcspResponse response = OcspResponse.parse(der);
            for (OcspResponse.Single answer : response.answers()) {
                if (answer.isAbout(leaf, issuer)) {
                    response.signature().verify(issuer, earlier(answer.until(), Instant.now()));
                    return staple(files, file, der, answer);
                }
            }
            files.report(
                    "staple",
                    file + " is about another certificate",
                    "ask the responder about this one");
        } catch (GeneralSecurityException e) {
            files.report(
                    "staple",
                    file + " is not an OCSP response to be sent: " + e.getMessage(),
                    "it must be the issuer's, in DER, as 'openssl ocsp -respout' writes it");
        }
        return null;
    }

    private static @Nullable X509Certificate issuer(List<X509Certificate> chain) {
        X509Certificate leaf = chain.getFirst();
        if (chain.size() > 1) {
            return chain.get(1);
        }
        return leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal()) ? leaf : null;
    }

    /** Whoever signed what has ended meanwhile may have ended as well. */
    private static Instant earlier(Optional<Instant> until, Instant now) {
        return until.filter(end -> end.isBefore(now)).orElse(now);
    }

    private static @Nullable Staple staple(
            TlsFiles files, Path file, byte[] der, OcspResponse.Single answer) {
        return switch (answer.status()) {
            case GOOD -> new Staple(file.toString(), der, answer.until());
            case REVOKED -> refuse(files, file + " says that the certificate is revoked");
            case UNKNOWN -> refuse(files, file + " says that nobody knows the certificate");
        };
    }

    private static @Nullable Staple refuse(TlsFiles files, String what) {
        files.report("staple", what, "get another certificate");
        return null;
    }

    /** Clients refuse one that has ended (RFC 6960 §3.2); none at all is better. */
    boolean hasEnded(Instant now) {
        return until.isPresent() && until.get().isBefore(now);
    }

    /** What an operator is told then. */
    Problem overdue(String origin, String path) {
        return Problem.general(
                origin,
                path + ".certificates",
                "the staple " + file + " ended at " + until.orElseThrow() + " and is not sent",
                "renew it");
    }
}
