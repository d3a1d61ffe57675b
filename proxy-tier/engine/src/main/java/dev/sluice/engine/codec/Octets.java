package dev.sluice.engine.codec;

/** Which octets may stand where in a head (RFC 9110 §5.5, §5.6.2; RFC 9112 §3). */
final class Octets {
    private static final int TOKEN = 1;
    private static final int LINE = 2;
    private static final int TARGET = 4;

    private static final byte[] CLASSES = classes();
    private static final byte[] DIGITS = digits();

    private Octets() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int octet = 0; octet < 256; octet++) {
            boolean alphanumeric =
                    (octet >= '0' && octet <= '9')
                            || (octet >= 'A' && octet <= 'Z')
                            || (octet >= 'a' && octet <= 'z');
            boolean control = octet < ' ' || octet == 0x7f;
            int mask = alphanumeric || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0 ? TOKEN : 0;
            mask |= !control || octet == '\t' ? LINE : 0;
            mask |= !control && octet != ' ' ? TARGET : 0;
            classes[octet] = (byte) mask;
        }
        return classes;
    }

    private static byte[] digits() {
        byte[] digits = new byte[256];
        for (int octet = 0; octet < 256; octet++) {
            digits[octet] = (byte) (octet < 0x80 ? Character.digit(octet, 16) : -1);
        }
        return digits;
    }

    static boolean isToken(byte octet) {
        return (CLASSES[octet & 0xff] & TOKEN) != 0;
    }

    /** Within a line: anything but line ends and other control octets. */
    static boolean isInLine(byte octet) {
        return (CLASSES[octet & 0xff] & LINE) != 0;
    }

    /** As far as lines go; what a target is made of is looked at later. */
    static boolean isInTarget(byte octet) {
        return (CLASSES[octet & 0xff] & TARGET) != 0;
    }

    static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** The hexadecimal digit's value, or -1. */
    static int hexDigit(byte octet) {
        return DIGITS[octet & 0xff];
    }
}
