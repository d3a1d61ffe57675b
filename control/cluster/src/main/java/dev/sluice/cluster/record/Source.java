package dev.sluice.cluster.record;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Where the text of a configuration is: beside what names it, or in nodes of its own. */
public sealed interface Source {
    /** A text has no more. */
    int MAX_BYTES = 16 << 20;

    /** A text longer than that is in parts: what names it is read more often than the text is. */
    int MAX_WHOLE_BYTES = 64 << 10;

    /** A node holds less than 1 MiB; half of that is far from where it matters. */
    int PART_BYTES = 512 << 10;

    int MAX_PARTS = MAX_BYTES / PART_BYTES;

    /** Of the text in UTF-8. */
    int bytes();

    /**
     * Short enough to be beside what names it.
     *
     * @param text the operator's YAML, byte for byte
     */
    record Whole(String text) implements Source {
        @Override
        public int bytes() {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /**
     * In several nodes, one behind the other.
     *
     * @param id of the nodes
     * @param bytes of all
     * @param count of nodes
     * @param sha256 of all, in lower-case hexadecimal digits
     */
    record Parts(String id, int bytes, int count, String sha256) implements Source {
        /** Throws {@link IllegalArgumentException} if there is no text. */
        public static Parts of(String id, byte[] text) {
            if (text.length == 0) {
                throw new IllegalArgumentException("no text");
            }
            return new Parts(id, text.length, Math.ceilDiv(text.length, PART_BYTES), sha256(text));
        }

        /**
         * @param index from 0
         */
        public byte[] part(byte[] text, int index) {
            int begin = index * PART_BYTES;
            return Arrays.copyOfRange(text, begin, Math.min(bytes, begin + PART_BYTES));
        }

        /** Empty if these are not all the bytes that were written. */
        public Optional<String> join(List<byte[]> parts) {
            ByteArrayOutputStream all = new ByteArrayOutputStream(bytes);
            parts.forEach(all::writeBytes);
            byte[] text = all.toByteArray();
            return text.length == bytes && sha256(text).equals(sha256)
                    ? Optional.of(new String(text, StandardCharsets.UTF_8))
                    : Optional.empty();
        }

        private static String sha256(byte[] text) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }
    }
}
