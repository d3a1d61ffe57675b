package dev.sluice.engine.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;

/**
 * The signature of an OCSP response, by the issuer of the certificate that it is about, or by whom
 * that issuer named for it (RFC 6960 §4.2.2.2).
 *
 * @param signed what it is over
 * @param certificates that came with it
 */
record OcspSignature(
        byte[] signed, String algorithm, byte[] signature, List<X509Certificate> certificates) {
    private static final String MAY_SIGN_FOR_ISSUER = "1.3.6.1.5.5.7.3.9";
    private static final int CERTIFICATES = Der.context(0);

    /** Of a BasicOCSPResponse. */
    static OcspSignature parse(Der basic) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        if (basic.members().size() > 3) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Der one : basic.member(3, CERTIFICATES).member(0, Der.SEQUENCE).members()) {
                certificates.add(
                        (X509Certificate)
                                factory.generateCertificate(new ByteArrayInputStream(one.whole())));
            }
        }
        return new OcspSignature(
                basic.member(0, Der.SEQUENCE).whole(),
                algorithm(basic.member(1, Der.SEQUENCE).member(0, Der.OID)),
                basic.member(2, Der.BIT_STRING).bits(),
                List.copyOf(certificates));
    }

    /** RFC 8017 §A.2.4, RFC 5758 §3.2, RFC 8410 §3: what nobody can forge today. */
    private static String algorithm(Der oid) throws CertificateParsingException {
        return switch (HexFormat.of().formatHex(oid.content())) {
            case "2a864886f70d01010b" -> "SHA256withRSA";
            case "2a864886f70d01010c" -> "SHA384withRSA";
            case "2a864886f70d01010d" -> "SHA512withRSA";
            case "2a8648ce3d040302" -> "SHA256withECDSA";
            case "2a8648ce3d040303" -> "SHA384withECDSA";
            case "2a8648ce3d040304" -> "SHA512withECDSA";
            case "2b6570" -> "Ed25519";
            default ->
                    throw new CertificateParsingException(
                            "signed neither by RSA nor by ECDSA with SHA-2, nor by Ed25519");
        };
    }

    /**
     * Throws with the reason if it does not speak for the issuer.
     *
     * @param at when who signed it must have been allowed to
     */
    void verify(X509Certificate issuer, Instant at) throws GeneralSecurityException {
        if (isBy(issuer)) {
            return;
        }
        for (X509Certificate certificate : certificates) {
            if (isBy(certificate)) {
                requireDelegate(certificate, issuer, at);
                return;
            }
        }
        throw new SignatureException("its signature is not the issuer's");
    }

    private static void requireDelegate(
            X509Certificate responder, X509Certificate issuer, Instant at)
            throws GeneralSecurityException {
        responder.verify(issuer.getPublicKey());
        List<String> uses = responder.getExtendedKeyUsage();
        if (uses == null || !uses.contains(MAY_SIGN_FOR_ISSUER)) {
            throw new SignatureException("who signed it may not do so for the issuer");
        }
        responder.checkValidity(Date.from(at));
    }

    private boolean isBy(X509Certificate signer) throws GeneralSecurityException {
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(signer.getPublicKey());
            check.update(signed);
            return check.verify(signature);
        } catch (InvalidKeyException | SignatureException ignored) {
            // A key of another kind, or a signature for one.
            return false;
        }
    }
}
