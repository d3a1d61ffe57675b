package dev.sluice.engine.tls;

import dev.sluice.cluster.l7.Tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The terms under which a certificate is served. A session made under one of them is worth nothing
 * under another: its tickets cannot be read there, its id is not known there. Immutable.
 */
final class Policy {
    private final Optional<Tls.Clients> clients;
    private final List<X509Certificate> authorities;
    private final byte[] digest;

    /**
     * The terms of one certificate.
     *
     * @param clients who is asked for a certificate
     * @param authorities who may have issued those; empty if nobody is asked
     */
    Policy(
            Optional<Tls.Clients> clients,
            List<X509Certificate> authorities,
            X509Certificate leaf,
            Tls.Version minVersion)
            throws GeneralSecurityException {
        this.clients = clients;
        this.authorities = List.copyOf(authorities);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        String asked = clients.map(c -> c.required() ? "required" : "optional").orElse("nobody");
        String terms = "sluice tls policy/" + minVersion.number() + "/" + asked + "/";
        sha256.update(terms.getBytes(StandardCharsets.US_ASCII));
        // Encodings say their own length: no two lists of them are the same bytes.
        sha256.update(leaf.getEncoded());
        for (X509Certificate authority : authorities) {
            sha256.update(authority.getEncoded());
        }
        digest = sha256.digest();
    }

    Optional<Tls.Clients> clients() {
        return clients;
    }

    List<X509Certificate> authorities() {
        return authorities;
    }

    boolean requiresCertificate() {
        return clients.isPresent() && clients.get().required();
    }

    /** SHA-256 over all of it: equal on all proxies that serve the same. */
    byte[] digest() {
        return digest.clone();
    }
}
