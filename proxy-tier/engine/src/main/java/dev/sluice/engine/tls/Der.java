package dev.sluice.engine.tls;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One element of DER (X.690 §8.1), as far as OCSP responses need it: tags below 31, definite
 * lengths.
 *
 * @param tag class, form and number in one byte
 * @param in where it lies, with its content from {@code from} on
 */
record Der(int tag, byte[] in, int begin, int from, int to) {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OID = 0x06;
    static final int ENUMERATED = 0x0a;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;

    private static final int LONG_FORM = 0x80;
    private static final int MAX_LENGTH_BYTES = 3;

    /** RFC 6960 §4.2.2.1 by RFC 5280 §4.1.2.5.2: in UTC, with seconds and without fractions. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");

    /** Of a context-specific, constructed element. */
    static int context(int number) {
        return 0xa0 | number;
    }

    /** The only element of the bytes. */
    static Der of(byte[] bytes) throws CertificateParsingException {
        Der only = next(bytes, 0, bytes.length);
        if (only.to != bytes.length) {
            throw new CertificateParsingException("bytes follow its end");
        }
        return only;
    }

    private static Der next(byte[] in, int at, int end) throws CertificateParsingException {
        if (end - at < 2) {
            throw new CertificateParsingException("cut short");
        }
        int length = in[at + 1] & 0xff;
        int content = at + 2;
        if (length >= LONG_FORM) {
            int lengthBytes = length - LONG_FORM;
            if (lengthBytes == 0 || lengthBytes > MAX_LENGTH_BYTES || lengthBytes > end - content) {
                throw new CertificateParsingException("no such length");
            }
            length =
                    new BigInteger(1, Arrays.copyOfRange(in, content, content + lengthBytes))
                            .intValue();
            content += lengthBytes;
        }
        if (length > end - content) {
            throw new CertificateParsingException("cut short");
        }
        return new Der(in[at] & 0xff, in, at, content, content + length);
    }

    /** The elements that it is made of. */
    List<Der> members() throws CertificateParsingException {
        List<Der> members = new ArrayList<>();
        for (int at = from; at < to; at = members.getLast().to) {
            members.add(next(in, at, to));
        }
        return members;
    }

    /** Itself, if it is of that kind. */
    Der as(int expected) throws CertificateParsingException {
        if (tag != expected) {
            throw new CertificateParsingException(
                    "tag 0x%02x instead of 0x%02x".formatted(tag, expected));
        }
        return this;
    }

    /** One of its members. */
    Der member(int index, int expected) throws CertificateParsingException {
        List<Der> members = members();
        if (index >= members.size()) {
            throw new CertificateParsingException("a member is missing");
        }
        return members.get(index).as(expected);
    }

    /** Tag and length included. */
    byte[] whole() {
        return Arrays.copyOfRange(in, begin, to);
    }

    /** Of whole octets. */
    byte[] bits() throws CertificateParsingException {
        if (from == to || in[from] != 0) {
            throw new CertificateParsingException("no whole octets");
        }
        return Arrays.copyOfRange(in, from + 1, to);
    }

    byte[] content() {
        return Arrays.copyOfRange(in, from, to);
    }

    BigInteger integer() throws CertificateParsingException {
        if (from == to) {
            throw new CertificateParsingException("an empty number");
        }
        return new BigInteger(content());
    }

    Instant time() throws CertificateParsingException {
        String text = new String(as(GENERALIZED_TIME).content(), StandardCharsets.US_ASCII);
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new CertificateParsingException("'" + text + "' is no time");
        }
    }
}
