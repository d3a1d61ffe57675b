package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** A certificate chain with its key, read from files, found sound and to belong together. */
record Credentials(PrivateKey key, List<X509Certificate> chain) {
    private static final int DNS_NAME = 2;

    /** Blocks on the files: not for event loops. Empty if a problem was reported. */
    static Optional<Credentials> load(
            String origin, String path, Tls.KeyPair files, Consumer<Problem> problems) {
        TlsFiles reader = new TlsFiles(origin, path, problems);
        List<X509Certificate> chain =
                reader.certificates("certificate", Path.of(files.certificate()));
        Path keyFile = Path.of(files.key());
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        boolean sound =
                ChainRules.isSound(reader, Path.of(files.certificate()), chain, Instant.now());
        byte[] pem = reader.readPrivate("key", keyFile);
        return pem == null
                ? Optional.empty()
                : key(reader, keyFile, pem, chain.getFirst())
                        .filter(_ -> sound)
                        .map(key -> new Credentials(key, chain));
    }

    private static Optional<PrivateKey> key(
            TlsFiles reader, Path file, byte[] bytes, X509Certificate leaf) {
        try {
            String pem = new String(bytes, StandardCharsets.ISO_8859_1);
            if (Pem.isOtherKey(pem)) {
                reader.report(
                        "key",
                        file + " is encrypted or not in PKCS #8",
                        "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
                return Optional.empty();
            }
            PrivateKey key = Pem.key(pem, leaf.getPublicKey().getAlgorithm());
            if (Pem.belongTogether(leaf, key)) {
                return Optional.of(key);
            }
            reader.report("key", file + " does not belong to the certificate", "");
        } catch (InvalidKeyException | SignatureException e) {
            reader.report("key", file + " does not belong to the certificate", "");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The exception may quote the key: its message is not shown.
            reader.report(
                    "key",
                    file + " holds no key that fits the certificate",
                    "a PKCS #8 key of the algorithm "
                            + leaf.getPublicKey().getAlgorithm()
                            + " is needed");
        }
        return Optional.empty();
    }

    /** Blocks on the file: not for event loops. Empty if a problem was reported. */
    static List<X509Certificate> authorities(
            String origin, String path, Path file, Consumer<Problem> problems) {
        return new TlsFiles(origin, path, problems).certificates("trust", file);
    }

    X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The DNS names that the leaf is for. */
    List<String> names() {
        return names(leaf());
    }

    /** The DNS names that a certificate is for, in lower case; wildcards as they are. */
    static List<String> names(X509Certificate leaf) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.getFirst().equals(DNS_NAME)) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException ignored) {
            // Names that cannot be read are never asked for; the certificate may still be first.
        }
        return names;
    }
}
