package dev.sluice.engine.tls;

import dev.sluice.engine.http.ClientCertificate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;

import javax.security.auth.x500.X500Principal;

/** Writes certificates down as servers are told about them. */
final class ClientCertificates {
    private ClientCertificates() {}

    static ClientCertificate of(X509Certificate certificate) throws CertificateEncodingException {
        byte[] der = certificate.getEncoded();
        return new ClientCertificate(
                ":" + Base64.getEncoder().encodeToString(der) + ":",
                visible(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253)),
                HexFormat.of().formatHex(sha256(der)));
    }

    /** A subject is the client's own words: what a field cannot hold becomes a question mark. */
    private static String visible(String subject) {
        StringBuilder text = new StringBuilder(subject.length());
        for (int i = 0; i < subject.length(); i++) {
            char c = subject.charAt(i);
            text.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return text.toString();
    }

    private static byte[] sha256(byte[] der) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(der);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
