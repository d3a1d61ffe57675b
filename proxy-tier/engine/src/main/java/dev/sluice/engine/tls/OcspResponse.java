package dev.sluice.engine.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an OCSP responder says of certificates (RFC 6960 §4.2.1), and who vouches for that. */
record OcspResponse(List<Single> answers, OcspSignature signature) {
    private static final int SUCCESSFUL = 0;
    private static final int PAYLOAD = Der.context(0);
    private static final int GOOD = 0x80;
    private static final int REVOKED = 0xa1;

    /** Of a certificate. */
    enum Status {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    /**
     * About one certificate.
     *
     * @param digest that its issuer's name and key went through
     * @param until when there will be newer words; empty if the responder does not say
     */
    record Single(
            String digest,
            byte[] issuerName,
            byte[] issuerKey,
            BigInteger serial,
            Status status,
            Optional<Instant> until) {

        /** Whether it is about this certificate: they go by issuer and number. */
        boolean isAbout(X509Certificate certificate, X509Certificate issuer)
                throws GeneralSecurityException {
            byte[] name = certificate.getIssuerX500Principal().getEncoded();
            Der key = Der.of(issuer.getPublicKey().getEncoded()).member(1, Der.BIT_STRING);
            return serial.equals(certificate.getSerialNumber())
                    && isDigestOf(issuerName, name)
                    && isDigestOf(issuerKey, key.bits());
        }

        private boolean isDigestOf(byte[] result, byte[] whole) throws GeneralSecurityException {
            return MessageDigest.isEqual(result, MessageDigest.getInstance(digest).digest(whole));
        }
    }

    /** Throws with the reason if it is no successful response. */
    static OcspResponse parse(byte[] bytes) throws GeneralSecurityException {
        Der response = Der.of(bytes).as(Der.SEQUENCE);
        if (response.member(0, Der.ENUMERATED).integer().intValue() != SUCCESSFUL) {
            throw new CertificateParsingException("the responder had no answer");
        }
        Der payload = response.member(1, PAYLOAD).member(0, Der.SEQUENCE);
        Der basic = Der.of(payload.member(1, Der.OCTET_STRING).content()).as(Der.SEQUENCE);
        List<Single> answers = new ArrayList<>();
        for (Der single : answers(basic.member(0, Der.SEQUENCE)).members()) {
            answers.add(single(single.as(Der.SEQUENCE)));
        }
        return new OcspResponse(List.copyOf(answers), OcspSignature.parse(basic));
    }

    /** The only sequence among version, responder, time, answers and extensions. */
    private static Der answers(Der data) throws CertificateParsingException {
        for (Der member : data.members()) {
            if (member.tag() == Der.SEQUENCE) {
                return member;
            }
        }
        throw new CertificateParsingException("there is no answer");
    }

    private static Single single(Der answer) throws CertificateParsingException {
        Der id = answer.member(0, Der.SEQUENCE);
        List<Der> members = answer.members();
        if (members.size() < 3) {
            throw new CertificateParsingException("a member is missing");
        }
        Optional<Instant> until = Optional.empty();
        for (Der member : members.subList(3, members.size())) {
            if (member.tag() == Der.context(0)) {
                until = Optional.of(member.member(0, Der.GENERALIZED_TIME).time());
            }
        }
        return new Single(
                digest(id.member(0, Der.SEQUENCE).member(0, Der.OID)),
                id.member(1, Der.OCTET_STRING).content(),
                id.member(2, Der.OCTET_STRING).content(),
                id.member(3, Der.INTEGER).integer(),
                status(members.get(1).tag()),
                until);
    }

    private static Status status(int tag) {
        return switch (tag) {
            case GOOD -> Status.GOOD;
            case REVOKED -> Status.REVOKED;
            default -> Status.UNKNOWN;
        };
    }

    /** RFC 3279 §2.1 and RFC 5754 §2. */
    private static String digest(Der oid) throws CertificateParsingException {
        return switch (java.util.HexFormat.of().formatHex(oid.content())) {
            case "2b0e03021a" -> "SHA-1";
            case "608648016503040201" -> "SHA-256";
            case "608648016503040202" -> "SHA-384";
            case "608648016503040203" -> "SHA-512";
            default -> throw new CertificateParsingException("a digest that nobody knows");
        };
    }
}
