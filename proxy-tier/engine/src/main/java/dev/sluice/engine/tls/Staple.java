package dev.sluice.engine.tls;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** An OCSP response that is sent along with a certificate (RFC 6066 §8). */
final class Staple {
    private static final int SEQUENCE = 0x30;
    private static final int LONG_FORM = 0x80;

    /** ENUMERATED of one byte: successful. */
    private static final byte[] SUCCESSFUL = {0x0a, 0x01, 0x00};

    private Staple() {}

    /**
     * Null if a problem was reported: it is no response, or one that says that nothing is known.
     */
    static byte @Nullable [] read(TlsFiles files, Path file) {
        byte[] der = files.read("staple", file);
        if (der != null && !isSuccessful(der)) {
            files.report("staple", file + " is not a successful OCSP response", "it must be DER");
            return null;
        }
        return der;
    }

    /** OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, … } (RFC 6960 §4.2.1). */
    private static boolean isSuccessful(byte[] der) {
        if (der.length < 2 || (der[0] & 0xff) != SEQUENCE) {
            return false;
        }
        int length = der[1] & 0xff;
        int status = length < LONG_FORM ? 2 : 2 + (length - LONG_FORM);
        return status + SUCCESSFUL.length < der.length
                && java.util.Arrays.equals(
                        der, status, status + SUCCESSFUL.length, SUCCESSFUL, 0, SUCCESSFUL.length);
    }
}
