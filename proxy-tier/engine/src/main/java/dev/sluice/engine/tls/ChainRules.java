package dev.sluice.engine.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What a certificate chain must be like to be served or shown. */
final class ChainRules {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MIN_EC_BITS = 256;

    private ChainRules() {}

    /** Reports everything that others would refuse it for; false if there is such a thing. */
    static boolean isSound(TlsFiles files, Path file, List<X509Certificate> chain, Instant now) {
        boolean sound = true;
        for (int i = 0; i < chain.size(); i++) {
            sound &= isInTime(files, file, chain.get(i), now);
            sound &= isStrong(files, file, chain.get(i));
            if (i > 0 && !isIssuedBy(chain.get(i - 1), chain.get(i))) {
                files.report(
                        "certificate",
                        "%s is not in order: %s did not issue %s"
                                .formatted(file, subject(chain.get(i)), subject(chain.get(i - 1))),
                        "the leaf comes first, then whoever issued it, and so on");
                sound = false;
            }
        }
        return sound;
    }

    private static boolean isInTime(
            TlsFiles files, Path file, X509Certificate certificate, Instant now) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            files.report(
                    "certificate",
                    "%s: %s ended at %s".formatted(file, subject(certificate), end),
                    "renew it");
            return false;
        }
        if (begin.isAfter(now)) {
            files.report(
                    "certificate",
                    "%s: %s begins at %s".formatted(file, subject(certificate), begin),
                    "is this host's clock right? It is " + now);
            return false;
        }
        return true;
    }

    private static boolean isStrong(TlsFiles files, Path file, X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        boolean weakKey =
                switch (key) {
                    case RSAPublicKey rsa -> rsa.getModulus().bitLength() < MIN_RSA_BITS;
                    case ECPublicKey ec -> ec.getParams().getOrder().bitLength() < MIN_EC_BITS;
                    default -> false;
                };
        // Nobody asks how an authority signed itself.
        boolean weakSignature =
                isWeak(certificate.getSigAlgName()) && !isIssuedBy(certificate, certificate);
        if (weakKey || weakSignature) {
            files.report(
                    "certificate",
                    "%s: %s is too weak: its %s"
                            .formatted(
                                    file,
                                    subject(certificate),
                                    weakKey
                                            ? "key is " + keyOf(certificate)
                                            : "signature is " + certificate.getSigAlgName()),
                    "RSA of 2048 bits or EC of 256, signed with SHA-256 or better");
        }
        return !weakKey && !weakSignature;
    }

    private static boolean isWeak(String signature) {
        String name = signature.toUpperCase(Locale.ROOT);
        return name.startsWith("SHA1") || name.startsWith("MD");
    }

    /** By its signature, not only by its name. */
    static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Algorithm and, where there is one, size: {@code EC 256}. */
    static String keyOf(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        return switch (key) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec -> "EC " + ec.getParams().getOrder().bitLength();
            default -> key.getAlgorithm();
        };
    }

    static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }
}
