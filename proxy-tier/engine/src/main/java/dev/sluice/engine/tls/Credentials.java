package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A certificate chain with its key, read from files and found to belong together. */
record Credentials(PrivateKey key, List<X509Certificate> chain) {
    private static final Set<PosixFilePermission> FOR_OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);
    private static final int DNS_NAME = 2;

    /** Blocks on the files: not for event loops. Empty if a problem was reported. */
    static Optional<Credentials> load(
            String origin, String path, Tls.KeyPair files, Consumer<Problem> problems) {
        Reader reader = new Reader(origin, path, problems);
        List<X509Certificate> chain = reader.chain("certificate", Path.of(files.certificate()));
        Path keyFile = Path.of(files.key());
        if (chain.isEmpty() || !reader.isPrivate(keyFile)) {
            return Optional.empty();
        }
        return reader.key(keyFile, chain.getFirst()).map(key -> new Credentials(key, chain));
    }

    /** Blocks on the file: not for event loops. Empty if a problem was reported. */
    static List<X509Certificate> authorities(
            String origin, String path, Path file, Consumer<Problem> problems) {
        return new Reader(origin, path, problems).chain("trust", file);
    }

    /** The DNS names that the leaf is for, in lower case; wildcards as they are. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = chain.getFirst().getSubjectAlternativeNames();
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

    /** Says for each step that fails what was tried on which file. */
    private record Reader(String origin, String path, Consumer<Problem> problems) {

        List<X509Certificate> chain(String key, Path file) {
            try {
                List<X509Certificate> chain = Pem.chain(Files.readAllBytes(file));
                if (chain.isEmpty()) {
                    report(key, file + " holds no certificate", "it must be PEM");
                }
                return chain;
            } catch (IOException e) {
                report(key, "cannot read " + file + ": " + reason(e), "");
            } catch (GeneralSecurityException e) {
                report(key, file + " is not a certificate: " + reason(e), "");
            }
            return List.of();
        }

        boolean isPrivate(Path file) {
            try {
                Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
                open.retainAll(FOR_OTHERS);
                if (!open.isEmpty()) {
                    report(
                            "key",
                            file + " is open to other users than its owner",
                            "chmod 600 " + file);
                }
                return open.isEmpty();
            } catch (IOException e) {
                report("key", "cannot read " + file + ": " + reason(e), "");
                return false;
            }
        }

        Optional<PrivateKey> key(Path file, X509Certificate leaf) {
            try {
                String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (Pem.isOtherKey(pem)) {
                    report(
                            "key",
                            file + " is encrypted or not in PKCS #8",
                            "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
                    return Optional.empty();
                }
                PrivateKey key = Pem.key(pem, leaf.getPublicKey().getAlgorithm());
                if (Pem.belongTogether(leaf, key)) {
                    return Optional.of(key);
                }
                report("key", file + " does not belong to the certificate", "");
            } catch (IOException e) {
                report("key", "cannot read " + file + ": " + reason(e), "");
            } catch (InvalidKeyException | SignatureException e) {
                report("key", file + " does not belong to the certificate", "");
            } catch (GeneralSecurityException e) {
                // The exception may quote the key: its message is not shown.
                report(
                        "key",
                        file + " holds no key that fits the certificate",
                        "a PKCS #8 key of the algorithm "
                                + leaf.getPublicKey().getAlgorithm()
                                + " is needed");
            }
            return Optional.empty();
        }

        private void report(String key, String what, String hint) {
            problems.accept(Problem.general(origin, path + "." + key, what, hint));
        }

        private static String reason(Exception e) {
            return e instanceof NoSuchFileException
                    ? "it does not exist"
                    : e.getClass().getSimpleName();
        }
    }
}
