package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets from a file that all proxies of a pool have: one in base64 on each line. What is made is
 * made with the first, and what comes may be of any: rotation is a new first line and, a while
 * later, a last line less. Immutable; shows nothing of itself.
 */
public final class Secrets {
    private static final int MIN_SECRET_BYTES = 32;
    private static final int MAX_SECRETS = 16;

    private final List<byte[]> secrets;

    private Secrets(List<byte[]> secrets) {
        this.secrets = secrets;
    }

    /**
     * Reads a file, and watches it. Blocks: not for event loops.
     *
     * @param path of the section whose key {@code secret} names the file
     * @return empty if a problem was reported
     */
    public static Optional<Watched<Secrets>> load(
            String origin, String path, String file, Consumer<Problem> problems) {
        return Watched.load(
                List.of(file),
                report ->
                        Optional.ofNullable(
                                read(new TlsFiles(origin, path, report), "secret", Path.of(file))),
                problems);
    }

    /** Null if a problem was reported. */
    static @Nullable Secrets read(TlsFiles files, String key, Path file) {
        byte[] text = files.readPrivate(key, file);
        if (text == null) {
            return null;
        }
        List<byte[]> secrets = new ArrayList<>();
        for (String line : new String(text, StandardCharsets.ISO_8859_1).split("\\R", -1)) {
            String secret = line.strip();
            if (!secret.isEmpty() && !secret.startsWith("#")) {
                secrets.add(decode(secret));
            }
        }
        boolean wrong = secrets.stream().anyMatch(secret -> secret.length < MIN_SECRET_BYTES);
        if (secrets.isEmpty() || secrets.size() > MAX_SECRETS || wrong) {
            files.report(
                    key,
                    file + " must have 1 to 16 lines, each at least 32 bytes in base64",
                    "openssl rand -base64 48 > " + file);
            return null;
        }
        return new Secrets(secrets);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException ignored) {
            return new byte[0];
        }
    }

    /** How many there are; at least one. */
    public int size() {
        return secrets.size();
    }

    /**
     * What one of them makes of something: 32 bytes that tell nothing of it.
     *
     * @param purpose in ASCII; what is made for one is worth nothing for another
     */
    public byte[] derive(int index, String purpose, byte[] context) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secrets.get(index), "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            return mac.doFinal(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
