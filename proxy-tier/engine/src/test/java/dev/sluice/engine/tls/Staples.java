package dev.sluice.engine.tls;

import io.netty.pkitesting.X509Bundle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;

/** Writes OCSP responses (RFC 6960 §4.2.1), for keys on P-256. */
public final class Staples {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] SHA1 = hex("300906052b0e03021a0500");
    private static final byte[] ECDSA = hex("300a06082a8648ce3d040302");
    private static final int POINT_BYTES = 65;
    private static final byte[] BASIC = hex("06092b0601050507300101");

    /** What is said of a certificate. */
    public enum Answer {
        GOOD("8000"),
        REVOKED("a111180f32303236303130313030303030305a"),
        UNKNOWN("8200");

        private final String der;

        Answer(String der) {
            this.der = der;
        }
    }

    private Staples() {}

    /** A file that says that the certificate, which issued itself, is good. */
    public static Path write(Path folder, X509Bundle certificate, Instant until) throws Exception {
        return Files.write(folder.resolve("ocsp"), of(certificate, Answer.GOOD, until));
    }

    /** A response about a certificate that issued itself. */
    public static byte[] of(X509Bundle certificate, Answer status, Instant until) throws Exception {
        return of(certificate.getCertificate(), certificate, certificate, status, until);
    }

    /** A response about one certificate; the signer's own is shown unless it is the issuer. */
    public static byte[] of(
            X509Certificate certificate,
            X509Bundle issuer,
            X509Bundle signer,
            Answer status,
            Instant until)
            throws Exception {
        byte[] name = certificate.getIssuerX500Principal().getEncoded();
        byte[] key = issuer.getKeyPair().getPublic().getEncoded();
        // The point on the curve comes last.
        byte[] point = Arrays.copyOfRange(key, key.length - POINT_BYTES, key.length);
        byte[] id =
                element(
                        0x30,
                        SHA1,
                        element(4, MessageDigest.getInstance("SHA-1").digest(name)),
                        element(4, MessageDigest.getInstance("SHA-1").digest(point)),
                        element(2, certificate.getSerialNumber().toByteArray()));
        byte[] answer =
                element(
                        0x30,
                        id,
                        hex(status.der),
                        time(until.minusSeconds(1)),
                        element(0xa0, time(until)));
        byte[] data =
                element(
                        0x30,
                        element(0xa2, element(4, new byte[20])),
                        time(until.minusSeconds(1)),
                        element(0x30, answer));
        byte[] shown =
                signer == issuer
                        ? new byte[0]
                        : element(0xa0, element(0x30, signer.getCertificate().getEncoded()));
        byte[] basic = element(0x30, data, ECDSA, element(3, signature(signer, data)), shown);
        return element(0x30, hex("0a0100"), element(0xa0, element(0x30, BASIC, element(4, basic))));
    }

    private static byte[] signature(X509Bundle signer, byte[] data) throws Exception {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer.getKeyPair().getPrivate());
        signature.update(data);
        byte[] made = signature.sign();
        byte[] bits = new byte[made.length + 1];
        System.arraycopy(made, 0, bits, 1, made.length);
        return bits;
    }

    private static byte[] time(Instant at) {
        return element(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] one : contents) {
            content.writeBytes(one);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.size() >= 128) {
            element.write(0x82);
            element.write(content.size() >> 8);
        }
        element.write(content.size());
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
