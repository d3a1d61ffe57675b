package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
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
     */
    static @Nullable Staple read(TlsFiles files, Path file, X509Certificate leaf) {
        byte[] der = files.read("staple", file);
        if (der == null) {
            return null;
        }
        try {
            for (OcspResponse.Single answer : OcspResponse.parse(der).answers()) {
                if (answer.isAbout(leaf)) {
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
                    file + " is not a successful OCSP response: " + e.getMessage(),
                    "it must be DER, as 'openssl ocsp -respout' writes it");
        }
        return null;
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
